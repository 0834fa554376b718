#include "alike/serve/router.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    const auto nothing = [](const Call&) { return Response(); };
    for (const auto& [method, pattern] :
         std::vector<std::pair<std::string, std::string>>{{"GET", "/"},
                                                          {"GET", "/a"},
                                                          {"POST", "/a"},
                                                          {"GET", "/jobs/events"},
                                                          {"GET", "/jobs/{j}"},
                                                          {"DELETE", "/jobs/{j}"},
                                                          {"GET", "/a/{x}/b/{y}"}}) {
      router_.add({method, pattern, nothing});
    }
  }

  /// "METHOD PATTERN", or "" where there is none.
  std::string found(const std::string& method, const std::string& target) {
    request_.method = method;
    request_.target = target;
    call_.path.clear();
    const Route* route = router_.find(request_, call_);
    return route == nullptr ? "" : route->method + " " + route->pattern;
  }

  Router router_;
  Request request_;
  Call call_{request_, {}, {}};
};

TEST_F(RouterTest, finds_the_route_and_what_the_address_says) {
  EXPECT_EQ(found("GET", "/"), "GET /");
  EXPECT_EQ(found("POST", "/a?x=1"), "POST /a");
  EXPECT_EQ(call_.parameter("x"), "1");
  EXPECT_EQ(call_.parameter("y", "z"), "z");
  EXPECT_EQ(found("GET", "/a/one%20two/b/3"), "GET /a/{x}/b/{y}");
  EXPECT_EQ(call_.at("x"), "one two");
  EXPECT_EQ(call_.at("y"), "3");
}

TEST_F(RouterTest, leaves_the_rest_to_others) {
  for (const char* target : {"/b", "/a/", "/a/x", "/a/x/b", "/a/x/b/", "/a//b/y", "/a/x/b/y/z",
                             "//", "/A", "/jobs", "/jobs/"}) {
    EXPECT_EQ(found("GET", target), "") << target;
  }
}

TEST_F(RouterTest, answers_head_as_get) {
  EXPECT_EQ(found("HEAD", "/a"), "GET /a");
  EXPECT_EQ(found("HEAD", "/jobs/7"), "GET /jobs/{j}");
}

TEST_F(RouterTest, tells_which_methods_there_are) {
  const auto allowed = [&](const std::string& method, const std::string& target) {
    try {
      return "found: " + found(method, target);
    } catch (const HttpError& error) {
      EXPECT_EQ(error.status(), 405);
      return error.headers().find("allow")->second;
    }
  };
  EXPECT_EQ(allowed("PUT", "/a"), "GET, POST");
  EXPECT_EQ(allowed("get", "/a"), "GET, POST");
  EXPECT_EQ(allowed("POST", "/jobs/1"), "GET, DELETE");
  EXPECT_EQ(allowed("DELETE", "/jobs/events"), "GET");  // the route of that name, not job "events"
  EXPECT_EQ(allowed("HEAD", "/jobs/1"), "found: GET /jobs/{j}");
}

TEST_F(RouterTest, refuses_addresses_that_are_none) {
  EXPECT_THROW(found("GET", "/a/../a"), Error);
  EXPECT_THROW(found("GET", "/a?x=1&x=2"), Error);
}

TEST_F(RouterTest, reads_numbers) {
  const auto code = [&](const auto& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::busy;  // never thrown here
  };
  for (const char* good : {"0", "7", "9223372036854775807"}) {
    found("GET", "/jobs/" + std::string(good));
    EXPECT_EQ(std::to_string(call_.integer_at("j")), good);
  }
  for (const char* bad : {"x", "-1", "1x", "+1", "%201", "0x1", "9223372036854775808", "1.0"}) {
    found("GET", "/jobs/" + std::string(bad));
    EXPECT_EQ(code([&] { call_.integer_at("j"); }), ErrorCode::not_found) << bad;
  }
  found("GET", "/a?k=5&bad=x&empty=");
  EXPECT_EQ(call_.integer("k", 1, 5, 3), 5);
  EXPECT_EQ(call_.integer("other", 1, 5, 3), 3);
  for (const char* bad : {"bad", "empty"}) {
    EXPECT_EQ(code([&] { call_.integer(bad, 1, 5, 3); }), ErrorCode::invalid_argument) << bad;
  }
  EXPECT_EQ(code([&] { call_.integer("k", 1, 4, 3); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([&] { call_.integer("k", 6, 9, 7); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike::serve
