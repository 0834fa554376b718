#include "alike/serve/failure_log.h"

#include <gtest/gtest.h>

#include <vector>

namespace alike::serve {
namespace {

TEST(FailureLog, writes_a_line_of_json_that_names_the_request_and_the_cause) {
  std::vector<std::string> lines;
  FailureLog log([&](const std::string& line) { lines.push_back(line); });
  log.add({"17", "192.0.2.1", "GET", "/v1/x", 500, "internal", "no\nsuch \xff thing"});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].find('\n'), lines[0].size() - 1);
  const json::object line = parse_json(lines[0], "it").as_object();
  EXPECT_EQ(line.at("request").as_string(), "17");
  EXPECT_EQ(line.at("route").as_string(), "/v1/x");
  EXPECT_EQ(line.at("code").as_string(), "internal");
  EXPECT_EQ(line.at("peer").as_string(), "192.0.2.1");
  EXPECT_EQ(line.at("cause").as_string(), "no\nsuch \xef\xbf\xbd thing");
  EXPECT_EQ(line.at("time").as_string().size(), 24U);
}

TEST(FailureLog, is_not_filled_by_a_flood) {
  std::size_t lines = 0;
  FailureLog log([&](const std::string&) { ++lines; });
  for (int i = 0; i < 100'000; ++i) log.add(Failure{});
  EXPECT_GE(lines, 20U);
  EXPECT_LT(lines, 20'000U);
}

TEST(FailureLog, has_times_as_the_world_writes_them) {
  EXPECT_EQ(utc_time(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(utc_time(1'795'971'909'040), "2026-11-29T17:05:09.040Z");
}

}  // namespace
}  // namespace alike::serve
