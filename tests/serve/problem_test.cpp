#include "alike/serve/problem.h"

#include <gtest/gtest.h>

#include "alike/base/json.h"
#include "alike/collection/catalog/trust.h"
#include "alike/search/bad_example.h"

namespace alike::serve {
namespace {

TEST(Problem, is_a_document_that_says_what_was_wrong) {
  const Response response = problem(404, "not_found", "there is no \"x\"\n", "7");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.at("content-type"), "application/problem+json");
  const json::object document = parse_json(response.body, "it").as_object();
  EXPECT_EQ(document.at("type").as_string(), "about:blank");
  EXPECT_EQ(document.at("status").as_int64(), 404);
  EXPECT_EQ(document.at("code").as_string(), "not_found");
  EXPECT_EQ(document.at("detail").as_string(), "there is no \"x\"\n");
  EXPECT_EQ(document.at("request").as_string(), "7");
  EXPECT_FALSE(document.at("title").as_string().empty());
}

TEST(Problem, holds_text_whatever_the_bytes_are) {
  const Response response = problem(400, "malformed", "a\xff\xc0\xaf", "");
  const json::object document = parse_json(response.body, "it").as_object();
  EXPECT_NE(document.at("detail").as_string().find("\xef\xbf\xbd"), json::string::npos);
  EXPECT_FALSE(document.contains("request"));
}

TEST(Problem, has_a_status_for_every_code) {
  const auto status = [](ErrorCode code, const char* sentence = "x") {
    return problem_of(Error(code, sentence), "").status;
  };
  EXPECT_EQ(status(ErrorCode::invalid_argument), 400);
  EXPECT_EQ(status(ErrorCode::not_found), 404);
  EXPECT_EQ(status(ErrorCode::busy), 409);
  EXPECT_EQ(status(ErrorCode::unsupported), 415);
  EXPECT_EQ(status(ErrorCode::corrupt), 500);  // of the server's own files
  EXPECT_EQ(status(ErrorCode::interrupted), 503);
  EXPECT_EQ(status(ErrorCode::io), 500);
  EXPECT_EQ(status(ErrorCode::no_space), 507);
}

TEST(Problem, blames_the_client_for_a_damaged_picture_that_it_sent) {
  const search::BadExample sent(ErrorCode::corrupt, "the picture: cut off");
  EXPECT_EQ(problem_of(sent, "").status, 422);
  EXPECT_EQ(problem_of(search::BadExample(ErrorCode::io, "x"), "").status, 500);
}

TEST(Problem, is_counted_by_the_code_that_its_document_has) {
  const HttpError http(403, "forbidden", "x");
  const search::BadExample sent(ErrorCode::corrupt, "x");
  const collection::UntrustedPictures untrusted("a", "b");
  const std::runtime_error other("x");
  for (const std::exception* each :
       std::initializer_list<const std::exception*>{&http, &sent, &untrusted, &other}) {
    const auto document = parse_json(problem_of(*each, "").body, "it").as_object();
    EXPECT_EQ(document.at("code").as_string(), code_of(*each));
  }
  EXPECT_EQ(code_of(untrusted), "untrusted");
}

TEST(Problem, keeps_the_headers_of_an_http_error) {
  const Response response =
      problem_of(HttpError(405, "method_not_allowed", "no", {{"allow", "GET"}}), "1");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.at("allow"), "GET");
}

TEST(Problem, says_nothing_of_an_error_nobody_expected) {
  const Response response = problem_of(std::runtime_error("secret of /home/me"), "1");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace alike::serve
