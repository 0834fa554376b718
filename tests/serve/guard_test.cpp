#include "alike/serve/guard.h"

#include <gtest/gtest.h>

#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

Request request(const std::string& method, Headers headers = {},
                const std::string& peer = "192.0.2.1") {
  headers.emplace("host", "localhost:7700");
  Request made;
  made.method = method;
  made.target = "/v1/jobs";
  made.headers = std::move(headers);
  made.peer = peer;
  return made;
}

/// The status that the guard refuses with, 0 where it lets in.
int status(Guard& guard, const Request& asked, bool open = false) {
  try {
    guard.check(asked, open);
  } catch (const HttpError& error) {
    return error.status();
  }
  return 0;
}

Guard guard_with(const std::string& key) {
  return Guard({{"localhost", "127.0.0.1", "[::1]"}, 7700, key});
}

int host(const std::string& name) {
  Guard guard = guard_with("");
  return status(guard, request("GET", {{"host", name}}));
}

TEST(Guard, knows_the_hosts_that_are_its_own) {
  for (const char* good : {"localhost:7700", "LOCALHOST:7700", "127.0.0.1:7700", "[::1]:7700"}) {
    EXPECT_EQ(host(good), 0) << good;
  }
  for (const char* bad :
       {"", "localhost", "localhost:77000", "localhost:770", "localhost:7700.evil", "evil:7700",
        "evil.localhost:7700", "localhost.evil:7700", "localhost:7700 ", "::1:7700"}) {
    EXPECT_EQ(host(bad), 421) << bad;
  }
  Guard web({{"localhost"}, 80, ""});
  EXPECT_EQ(status(web, request("GET", {{"host", "localhost"}})), 0);
  EXPECT_EQ(status(web, request("GET", {{"host", "localhost:80"}})), 0);
}

TEST(Guard, knows_the_names_that_a_proxy_gives_it) {
  Guard guard({{"localhost"}, 7700, "", {"photos.example.org", "photos.example.org:8443"}});
  const auto from = [&](const std::string& name, const std::string& origin) {
    return status(guard, request("POST", {{"host", name}, {"origin", origin}}));
  };
  EXPECT_EQ(from("photos.example.org", "https://photos.example.org"), 0);
  EXPECT_EQ(from("Photos.Example.Org:8443", "https://photos.example.org:8443"), 0);
  EXPECT_EQ(from("localhost:7700", "http://localhost:7700"), 0);
  EXPECT_EQ(from("photos.example.org", "https://evil.example"), 403);
  EXPECT_EQ(from("photos.example.org", "https://photos.example.org:8443"), 403);
  EXPECT_EQ(from("localhost:7700", "https://photos.example.org"), 403);
  for (const char* bad : {"photos.example.org:7700", "photos.example.org.evil", "example.org"}) {
    EXPECT_EQ(from(bad, std::string("https://") + bad), 421) << bad;
  }
  EXPECT_FALSE(Guard::is_local(request("GET", {{"host", "photos.example.org"}}, "127.0.0.1")));
}

TEST(Guard, lets_only_its_own_pages_change_something) {
  Guard guard = guard_with("");
  const auto from = [&](const char* method, Headers headers) {
    return status(guard, request(method, std::move(headers)));
  };
  for (const char* method : {"POST", "PATCH", "DELETE", "PUT", "post", "X"}) {
    EXPECT_EQ(from(method, {}), 0);
    EXPECT_EQ(
        from(method, {{"origin", "http://localhost:7700"}, {"sec-fetch-site", "same-origin"}}), 0);
    EXPECT_EQ(from(method, {{"sec-fetch-site", "none"}}), 0);
    for (const char* origin :
         {"null", "http://evil", "http://localhost", "http://localhost:7701",
          "http://127.0.0.1:7700", "http://localhost:7700.evil", "ftp://localhost:7700"}) {
      EXPECT_EQ(from(method, {{"origin", origin}}), 403) << origin;
    }
    for (const char* site : {"cross-site", "same-site", "x", "same-origin, cross-site"}) {
      EXPECT_EQ(from(method, {{"sec-fetch-site", site}}), 403) << site;
    }
  }
  EXPECT_EQ(from("GET", {{"origin", "http://evil"}}), 0);
  EXPECT_EQ(from("HEAD", {{"sec-fetch-site", "cross-site"}}), 0);
}

TEST(Guard, wants_the_key_however_it_is_sent) {
  Guard guard = guard_with("open sesame");
  const auto with = [&](const std::string& header) {
    return status(guard, request("GET", {{"authorization", header}}));
  };
  EXPECT_EQ(status(guard, request("GET")), 401);
  EXPECT_EQ(status(guard, request("GET"), true), 0);
  EXPECT_EQ(with("Bearer open sesame"), 0);
  EXPECT_EQ(with("bearer open sesame"), 0);
  EXPECT_EQ(with("Basic YW55Om9wZW4gc2VzYW1l"), 0);  // any:open sesame
  EXPECT_EQ(with("Basic Om9wZW4gc2VzYW1l"), 0);      // :open sesame
  for (const char* none : {"Bearer", "Bearer ", "Basic", "Basic !!!",
                           "Basic b3BlbiBzZXNhbWU=", "Digest open sesame", "open sesame", ""}) {
    EXPECT_EQ(with(none), 401) << none;
  }
}

TEST(Guard, refuses_wrong_keys_after_ten_and_never_the_right_one) {
  Guard guard = guard_with("right");
  const Request wrong = request("GET", {{"authorization", "Bearer wrong"}});
  const Request right = request("GET", {{"authorization", "Bearer right"}});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(status(guard, wrong), 401);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(status(guard, wrong), 429);
    EXPECT_EQ(status(guard, right), 0);  // which forgives the others nothing
  }
  EXPECT_EQ(status(guard, request("GET")), 401);
  Request other = wrong;
  other.peer = "192.0.2.2";
  EXPECT_EQ(status(guard, other), 401);
}

TEST(Guard, counts_wrong_keys_of_all_addresses_that_one_client_has) {
  Guard guard = guard_with("right");
  Request wrong = request("GET", {{"authorization", "Bearer wrong"}});
  for (int i = 0; i < 11; ++i) {
    wrong.peer = "2001:db8::" + std::to_string(i);
    EXPECT_EQ(status(guard, wrong), i < 10 ? 401 : 429);
  }
}

TEST(Guard, knows_a_key_that_may_only_read) {
  Guard guard({{"localhost"}, 7700, "all of it", {}, "a look"});
  const auto access = [&](const std::string& key) {
    return guard.check(request("GET", {{"authorization", "Bearer " + key}}), false);
  };
  EXPECT_EQ(access("all of it"), Access::all);
  EXPECT_EQ(access("a look"), Access::reading);
  EXPECT_EQ(status(guard, request("GET", {{"authorization", "Bearer "}})), 401);
  EXPECT_EQ(status(guard, request("GET", {{"authorization", "Bearer a loo"}})), 401);
  Guard without = guard_with("all of it");
  EXPECT_EQ(status(without, request("GET", {{"authorization", "Basic OTo="}})), 401);  // "9:"
}

TEST(Guard, does_not_count_who_sends_no_key) {
  Guard guard = guard_with("right");
  for (int i = 0; i < 30; ++i) EXPECT_EQ(status(guard, request("GET")), 401);
  EXPECT_EQ(status(guard, request("GET", {{"authorization", "Bearer right"}})), 0);
}

TEST(Guard, does_not_take_a_part_of_the_key_for_it) {
  for (const char* wrong : {"r", "righ", "rightright", "right ", "RIGHT", "\xff", "rightrigh"}) {
    Guard guard = guard_with("right");
    EXPECT_EQ(status(guard, request("GET", {{"authorization", std::string("Bearer ") + wrong}})),
              401)
        << wrong;
  }
}

TEST(Guard, knows_who_is_on_this_machine) {
  const auto local = [](const char* peer, Headers headers = {}) {
    return Guard::is_local(request("GET", std::move(headers), peer));
  };
  for (const char* peer : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(local(peer)) << peer;
  for (const char* peer : {"192.168.0.1", "::ffff:192.0.2.1", "1127.0.0.1", "::", "", "fe80::1"})
    EXPECT_FALSE(local(peer)) << peer;
  for (const char* name : {"localhost", "LocalHost:1", "127.0.0.1:7700", "[::1]", "[::1]:7700"})
    EXPECT_TRUE(local("127.0.0.1", {{"host", name}})) << name;
  for (const char* name :
       {"", "127.0.0.1.evil", "127.evil:7700", "localhost.evil:7700", "host:127"})
    EXPECT_FALSE(local("127.0.0.1", {{"host", name}})) << name;
  for (const char* header : {"forwarded", "x-forwarded-for", "x-real-ip", "via"}) {
    EXPECT_FALSE(local("127.0.0.1", {{header, "127.0.0.1"}})) << header;
  }
}

}  // namespace
}  // namespace alike::serve
