#include "alike/serve/metrics.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>
#include <string>

namespace alike::serve {
namespace {

/// Reads the text format: sample → value. Fails the test for a line that is none.
std::map<std::string, double> samples_of(const std::string& text) {
  static const std::regex kSample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})?) (\S+))re");
  static const std::regex kComment(R"(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+)");
  std::map<std::string, double> samples;
  EXPECT_EQ(text.back(), '\n');
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, kComment)) continue;
    EXPECT_TRUE(std::regex_match(line, match, kSample)) << line;
    EXPECT_TRUE(samples.emplace(match[1], std::stod(match[4])).second) << "twice: " << line;
  }
  return samples;
}

TEST(Metrics, count_requests_by_route_and_status) {
  Metrics metrics;
  metrics.count("/a/{x}", 200, 0.002);
  metrics.count("/a/{x}", 200, 0.2);
  metrics.count("/a/{x}", 404, 99);
  metrics.count("", 400, 0);
  const auto found = samples_of(metrics.text());
  EXPECT_EQ(found.at("alike_requests_total{route=\"/a/{x}\",status=\"200\"}"), 2);
  EXPECT_EQ(found.at("alike_requests_total{route=\"/a/{x}\",status=\"404\"}"), 1);
  EXPECT_EQ(found.at("alike_requests_total{route=\"none\",status=\"400\"}"), 1);
}

TEST(Metrics, sort_times_into_a_cumulative_histogram) {
  Metrics metrics;
  for (const double seconds : {0.0005, 0.001, 0.03, 99.0}) metrics.count("/a", 200, seconds);
  const auto found = samples_of(metrics.text());
  const auto within = [&](const std::string& step) {
    return found.at("alike_request_seconds_bucket{route=\"/a\",le=\"" + step + "\"}");
  };
  EXPECT_EQ(within("0.001"), 2);
  EXPECT_EQ(within("0.025"), 2);
  EXPECT_EQ(within("0.05"), 3);
  EXPECT_EQ(within("5"), 3);
  EXPECT_EQ(within("+Inf"), 4);
  EXPECT_EQ(found.at("alike_request_seconds_count{route=\"/a\"}"), 4);
  EXPECT_NEAR(found.at("alike_request_seconds_sum{route=\"/a\"}"), 99.0315, 1e-6);
}

TEST(Metrics, hold_numbers_that_go_up_and_down) {
  Metrics metrics;
  metrics.change("connections", 3);
  metrics.change("connections", -1);
  const auto found = samples_of(metrics.text());
  EXPECT_EQ(found.at("alike_connections"), 2);
  EXPECT_FALSE(found.contains("alike_others"));
}

}  // namespace
}  // namespace alike::serve
