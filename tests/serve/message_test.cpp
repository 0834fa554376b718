#include "alike/serve/message.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"

namespace alike::serve {
namespace {

bool refuses(const std::string& target) {
  try {
    path_of(target);
    parameters_of(target);
  } catch (const Error& error) {
    return error.code() == ErrorCode::invalid_argument;
  }
  return false;
}

TEST(Path, is_what_stands_before_the_question_mark) {
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("/v1/items?x=/a"), "/v1/items");
  EXPECT_EQ(path_of("/a//b/"), "/a//b/");
  EXPECT_EQ(path_of("/a?"), "/a");
}

TEST(Path, has_its_percent_signs_undone_once) {
  EXPECT_EQ(path_of("/a%20b%C3%a9"), "/a bé");
  EXPECT_EQ(path_of("/%252e%252e"), "/%2e%2e");
  EXPECT_EQ(path_of("/a+b"), "/a+b");
}

TEST(Path, refuses_what_is_none) {
  for (const char* bad :
       {"",      "a",      "*",      "http://evil/", "?x",      "/%",      "/%4",        "/%zz",
        "/%4g",  "/%-1",   "/a%",    "/%00",         "/%ff",    "/%c0%af", "/%ed%a0%80", "/\xff",
        "/.",    "/..",    "/../",   "/a/..",        "/a/../b", "/./a",    "/%2e%2e/a",  "/%2e",
        "/.%2e", "/a%2fb", "/a%5cb", "/a\\b",        "/..%5c"}) {
    EXPECT_TRUE(refuses(bad)) << bad;
  }
  EXPECT_TRUE(refuses(std::string("/a\0b", 4)));
}

TEST(Path, takes_names_that_only_look_odd) {
  for (const char* good : {"/...", "/..a", "/a..", "/a.b", "/~", "/%", "/-"}) {
    if (std::string(good) == "/%") continue;
    EXPECT_EQ(path_of(good), good);
  }
}

TEST(Parameters, are_read_by_name) {
  const auto found = parameters_of("/x?a=1&b=x%20y+z&c&d=&e==&%66=%26");
  const std::map<std::string, std::string, std::less<>> expected{
      {"a", "1"}, {"b", "x y z"}, {"c", ""}, {"d", ""}, {"e", "="}, {"f", "&"}};
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(parameters_of("/x").empty());
  EXPECT_TRUE(parameters_of("/x?").empty());
  EXPECT_TRUE(parameters_of("/x?&&").empty());
}

TEST(Parameters, refuse_what_is_given_twice_or_is_no_text) {
  for (const char* bad : {"/x?a=1&a=2", "/x?a=1&%61=2", "/x?a=%", "/x?a=%0", "/x?%zz=1", "/x?a=%00",
                          "/x?a=%ff", "/x?a=%c0%80"}) {
    EXPECT_TRUE(refuses(bad)) << bad;
  }
}

TEST(Request, knows_its_headers_and_the_type_of_its_body) {
  Request request;
  EXPECT_EQ(request.header("host"), "");
  EXPECT_EQ(request.media_type(), "");
  const auto type = [&](const std::string& header) {
    request.headers["content-type"] = header;
    return request.media_type();
  };
  EXPECT_EQ(type("application/json"), "application/json");
  EXPECT_EQ(type("Application/JSON; charset=utf-8"), "application/json");
  EXPECT_EQ(type("multipart/form-data;boundary=x"), "multipart/form-data");
  EXPECT_EQ(type("application/json-patch"), "application/json-patch");
  EXPECT_EQ(type("text/plain; application/json"), "text/plain");
}

}  // namespace
}  // namespace alike::serve
