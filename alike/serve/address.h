// The addresses that count as one client.
#pragma once

#include <string>

namespace alike::serve {

/// By which address a client at `peer` has its shares: that of IPv4, also where IPv6 carries it
/// (::ffff:192.0.2.1), and the first 64 bits of IPv6, since one client has all addresses below
/// them: "2001:db8:0:7::/64". Anything else is as it is.
std::string client_of(const std::string& peer);

}  // namespace alike::serve
