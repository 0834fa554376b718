#include "alike/serve/dispatcher.h"

#include <gtest/gtest.h>

#include <vector>

#include "alike/base/error.h"
#include "alike/base/json.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

Router routes() {
  Router router;
  router.add(
      {"GET", "/hello", [](const Call&) { return content("text/plain", "hello"); }, Lane::at_once});
  router.add({"GET", "/missing",
              [](const Call&) -> Response { throw Error(ErrorCode::not_found, "no"); }});
  router.add(
      {"GET", "/broken", [](const Call&) -> Response { throw std::runtime_error("secret"); }});
  router.add({"POST", "/find", [](const Call&) { return content("text/plain", ""); }, Lane::search,
              false});
  router.add({"GET", "/list", [](const Call&) { return content("text/plain", ""); }, Lane::light});
  router.add({"GET", "/framed", [](const Call&) {
                Response response = content("text/plain", "");
                response.headers["cache-control"] = "private";
                return response;
              }});
  for (const char* method : {"POST", "PATCH", "DELETE"}) {
    router.add({method, "/echo",
                [](const Call& call) { return content("text/plain", call.request.body); }});
  }
  return router;
}

class DispatcherTest : public testing::Test {
 protected:
  static Request request(const std::string& method, const std::string& target,
                         const std::string& type = "") {
    Request made;
    made.method = method;
    made.target = target;
    made.headers = {{"host", "localhost:1"}};
    if (!type.empty()) made.headers["content-type"] = type;
    made.body = "body";
    made.id = "9";
    return made;
  }
  Response answer(const Request& asked) { return dispatcher_.answer(asked); }

  static Response page(const Call& call) {
    if (path_of(call.request.target) == "/page") return content("text/html", "page");
    throw Error(ErrorCode::not_found, "nothing");
  }

  std::vector<Failure> failures_;
  Dispatcher dispatcher_{routes(), {{"localhost"}, 1, ""}, page, [this](const Failure& each) {
                           failures_.push_back(each);
                         }};
};

TEST_F(DispatcherTest, answers_by_route_page_or_problem) {
  EXPECT_EQ(answer(request("GET", "/hello")).body, "hello");
  EXPECT_EQ(answer(request("HEAD", "/hello")).status, 200);
  EXPECT_EQ(answer(request("GET", "/page")).body, "page");
  EXPECT_EQ(answer(request("GET", "/nothing")).status, 404);
  EXPECT_EQ(answer(request("POST", "/nothing", "application/json")).status, 404);
  EXPECT_EQ(answer(request("POST", "/page", "application/json")).status, 404);
  EXPECT_EQ(answer(request("GET", "/missing")).status, 404);
  EXPECT_EQ(answer(request("GET", "/%zz")).status, 400);
  const Response refused = answer(request("PUT", "/echo"));
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.at("allow"), "POST, PATCH, DELETE");
}

TEST_F(DispatcherTest, refuses_methods_and_addresses_by_the_head) {
  EXPECT_THROW(dispatcher_.check(request("GET", "/echo")), HttpError);
  EXPECT_THROW(dispatcher_.check(request("GET", "/%zz")), Error);
  EXPECT_NO_THROW(dispatcher_.check(request("POST", "/echo")));
  EXPECT_NO_THROW(dispatcher_.check(request("GET", "/nothing")));
}

TEST_F(DispatcherTest, never_lets_an_error_out_or_show) {
  const Response response = answer(request("GET", "/broken"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_EQ(parse_json(response.body, "it").as_object().at("request").as_string(), "9");
  ASSERT_EQ(failures_.size(), 1U);
  EXPECT_EQ(failures_[0].request, "9");
  EXPECT_EQ(failures_[0].route, "/broken");
  EXPECT_EQ(failures_[0].code, "internal");
  EXPECT_EQ(failures_[0].cause, "secret");
}

TEST_F(DispatcherTest, tells_and_counts_its_own_failures_but_not_those_of_clients) {
  answer(request("GET", "/missing"));
  answer(request("GET", "/%zz"));
  dispatcher_.refuse(request("GET", "/hello"), Overload("searches", "too much"));
  EXPECT_TRUE(failures_.empty());
  const std::string text = dispatcher_.metrics().text();
  EXPECT_NE(text.find("alike_errors_total{code=\"not_found\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("alike_errors_total{code=\"overloaded\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("alike_overload_total{reason=\"searches\"} 1\n"), std::string::npos);
}

TEST_F(DispatcherTest, sends_each_kind_of_work_to_its_own_threads) {
  const auto lane = [&](const Request& asked) { return dispatcher_.lane(asked); };
  EXPECT_EQ(lane(request("GET", "/hello")), Lane::at_once);
  EXPECT_EQ(lane(request("GET", "/page")), Lane::at_once);
  EXPECT_EQ(lane(request("GET", "/%zz")), Lane::at_once);
  EXPECT_EQ(lane(request("POST", "/find", "application/json")), Lane::search);
  EXPECT_EQ(lane(request("POST", "/find", "multipart/form-data; boundary=b")), Lane::upload);
  Request region = request("POST", "/find", "application/json");
  region.body = R"({"region": [0, 0, 1, 1]})";
  EXPECT_EQ(lane(region), Lane::upload);
  region.body = R"({"\u0072egion": [0, 0, 1, 1]})";
  EXPECT_EQ(lane(region), Lane::upload);
  region.body = R"({"regio\u006E": [0, 0, 1, 1]})";
  EXPECT_EQ(lane(region), Lane::upload);
  region.body = R"({"where": "label = \"caf\u00e9\""})";
  EXPECT_EQ(lane(region), Lane::search);
  EXPECT_EQ(lane(request("GET", "/list")), Lane::light);
  EXPECT_EQ(lane(request("GET", "/list?where=id%3E1")), Lane::search);
}

TEST_F(DispatcherTest, lets_a_reading_key_read_and_search_only) {
  Dispatcher guarded(routes(), {{"localhost"}, 1, "all of it", {}, "a look"}, page);
  const auto refused = [&](const std::string& method, const std::string& target) {
    Request asked = request(method, target, "application/json");
    asked.headers["authorization"] = "Bearer a look";
    try {
      guarded.check(asked);
    } catch (const HttpError& error) {
      return error.status();
    }
    return 0;
  };
  EXPECT_EQ(refused("GET", "/hello"), 0);
  EXPECT_EQ(refused("HEAD", "/hello"), 0);
  EXPECT_EQ(refused("GET", "/page"), 0);
  EXPECT_EQ(refused("POST", "/find"), 0);
  for (const char* method : {"POST", "PATCH", "DELETE"}) EXPECT_EQ(refused(method, "/echo"), 403);
  EXPECT_EQ(refused("POST", "/nothing"), 403);
}

TEST_F(DispatcherTest, wants_a_body_of_a_type_that_no_form_sends) {
  for (const char* good :
       {"application/json", "Application/Json;charset=utf-8", "multipart/form-data; boundary=x"}) {
    EXPECT_EQ(answer(request("POST", "/echo", good)).body, "body") << good;
    EXPECT_EQ(answer(request("PATCH", "/echo", good)).status, 200) << good;
  }
  for (const char* bad : {"", "text/plain", "application/x-www-form-urlencoded",
                          "application/jsonx", "application/json-patch+json",
                          "text/plain; application/json", "multipart/form-datax", "json"}) {
    EXPECT_EQ(answer(request("POST", "/echo", bad)).status, 415) << bad;
    EXPECT_EQ(answer(request("PATCH", "/echo", bad)).status, 415) << bad;
  }
  EXPECT_EQ(answer(request("DELETE", "/echo")).status, 200);
}

TEST_F(DispatcherTest, protects_every_answer_and_keeps_what_is_set) {
  for (const char* target : {"/hello", "/page", "/nothing", "/broken", "/%zz"}) {
    const Response response = answer(request("GET", target));
    EXPECT_EQ(response.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(response.headers.at("cache-control"), "no-store");
    EXPECT_NE(response.headers.at("content-security-policy").find("default-src 'none'"),
              std::string::npos);
  }
  EXPECT_EQ(answer(request("GET", "/framed")).headers.at("cache-control"), "private");
  const Response refused =
      dispatcher_.refuse(request("GET", "/"), HttpError(421, "misdirected", "x"));
  EXPECT_EQ(refused.status, 421);
  EXPECT_EQ(refused.headers.at("x-content-type-options"), "nosniff");
}

TEST_F(DispatcherTest, bounds_bodies_by_their_kind) {
  EXPECT_EQ(Dispatcher::most_body(request("GET", "/hello")), 0U);
  EXPECT_EQ(Dispatcher::most_body(request("HEAD", "/hello", "multipart/form-data")), 0U);
  EXPECT_EQ(Dispatcher::most_body(request("POST", "/echo", "application/json")), kMostJson);
  EXPECT_EQ(Dispatcher::most_body(request("POST", "/echo", "Multipart/Form-Data; boundary=x")),
            kMostUpload);
}

TEST_F(DispatcherTest, knows_what_waits_for_nothing) {
  EXPECT_EQ(dispatcher_.lane(request("GET", "/hello")), Lane::at_once);
  EXPECT_EQ(dispatcher_.lane(request("HEAD", "/hello")), Lane::at_once);
  EXPECT_EQ(dispatcher_.lane(request("GET", "/nothing")), Lane::at_once);
  EXPECT_EQ(dispatcher_.lane(request("PUT", "/echo")), Lane::at_once);
  EXPECT_NE(dispatcher_.lane(request("GET", "/missing")), Lane::at_once);
}

TEST_F(DispatcherTest, asks_the_guard) {
  EXPECT_NO_THROW(dispatcher_.check(request("GET", "/hello")));
  Request foreign = request("GET", "/hello");
  foreign.headers["host"] = "evil:1";
  EXPECT_THROW(dispatcher_.check(foreign), HttpError);
  dispatcher_.set_port(2);
  EXPECT_THROW(dispatcher_.check(request("GET", "/hello")), HttpError);
}

TEST_F(DispatcherTest, opens_nothing_but_health_without_the_key) {
  Dispatcher closed(routes(), {{"localhost"}, 1, "key"}, [](const Call&) { return Response(); });
  EXPECT_NO_THROW(closed.check(request("GET", "/healthz")));
  EXPECT_NO_THROW(closed.check(request("GET", "/readyz")));
  for (const char* target :
       {"/", "/hello", "/healthz/", "/healthz?", "//healthz", "/%68ealthz", "/HEALTHZ"}) {
    EXPECT_THROW(closed.check(request("GET", target)), HttpError) << target;
  }
}

TEST_F(DispatcherTest, counts_what_it_answers) {
  answer(request("GET", "/hello"));
  answer(request("GET", "/nothing"));
  answer(request("GET", "/broken"));
  const std::string text = dispatcher_.metrics().text();
  for (const char* line :
       {"route=\"/hello\",status=\"200\"} 1\n", "route=\"none\",status=\"404\"} 1\n",
        "route=\"/broken\",status=\"500\"} 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

}  // namespace
}  // namespace alike::serve
