#include "alike/serve/address.h"

#include <gtest/gtest.h>

namespace alike::serve {
namespace {

TEST(Address, of_a_client_is_that_of_ipv4_or_the_first_half_of_ipv6) {
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("2001:db8:0:7::1"), "2001:db8:0:7::/64");
  EXPECT_EQ(client_of("2001:db8:0:7:ffff:1:2:3"), client_of("2001:db8:0:7::1"));
  EXPECT_NE(client_of("2001:db8:0:8::1"), client_of("2001:db8:0:7::1"));
  EXPECT_EQ(client_of("fe80::1%eth0"), "fe80::/64");
  EXPECT_EQ(client_of("::1"), "::/64");
  for (const char* other : {"", "x", "1.2.3", "[::1]"}) EXPECT_EQ(client_of(other), other);
}

}  // namespace
}  // namespace alike::serve
