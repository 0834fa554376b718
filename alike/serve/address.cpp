#include "alike/serve/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace alike::serve {

std::string client_of(const std::string& peer) {
  in6_addr address{};
  const std::string bare = peer.substr(0, peer.find('%'));  // fe80::1%eth0
  if (::inet_pton(AF_INET6, bare.c_str(), &address) != 1) return peer;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    ::inet_ntop(AF_INET, &address.s6_addr[12], text.data(), text.size());
    return text.data();
  }
  std::fill(std::begin(address.s6_addr) + 8, std::end(address.s6_addr), std::uint8_t{0});
  ::inet_ntop(AF_INET6, &address, text.data(), text.size());
  return std::string(text.data()) + "/64";
}

}  // namespace alike::serve
