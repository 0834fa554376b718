#include "alike/search/relevance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "alike/base/random.h"

namespace alike::search {
namespace {

using index::Metric;
using index::Neighbor;

std::vector<Neighbor> sample_of(std::vector<float> distances) {
  std::sort(distances.begin(), distances.end());
  std::vector<Neighbor> sample;
  for (const float distance : distances) {
    sample.push_back({static_cast<std::int64_t>(sample.size()), distance});
  }
  return sample;
}

/// Strangers: distances around `mean`, nearly normal (the sum of twelve uniform numbers).
std::vector<float> strangers(std::size_t count, double mean, double deviation) {
  Random random(count);
  std::vector<float> distances;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = -6;
    for (int j = 0; j < 12; ++j) sum += random.uniform();
    distances.push_back(static_cast<float>(mean + deviation * sum));
  }
  return distances;
}

TEST(Relevance, lies_at_half_the_typical_distance_where_strangers_are_all_far) {
  const auto line = relevance_line(sample_of(strangers(256, 0.8, 0.05)), 10000, Metric::cosine);
  ASSERT_TRUE(line.known);
  EXPECT_NEAR(line.distance, 0.4, 0.01);
}

TEST(Relevance, lies_where_the_nearest_of_all_strangers_is_expected_where_some_come_near) {
  const auto line = relevance_line(sample_of(strangers(40000, 0.8, 0.2)), 796, Metric::cosine);
  // python -c "from math import *; n=796; a=sqrt(2*log(n)); print(a-(log(log(n))+log(4*pi))/(2*a))"
  EXPECT_NEAR(line.distance, 0.8 - 0.2 * 3.0490, 0.02);
  const auto among_more =
      relevance_line(sample_of(strangers(40000, 0.8, 0.2)), 3000, Metric::cosine);
  EXPECT_LT(among_more.distance, line.distance);
}

TEST(Relevance, does_not_move_much_when_a_quarter_of_the_rows_are_relatives) {
  auto distances = strangers(192, 0.8, 0.05);
  for (int i = 0; i < 64; ++i) distances.push_back(0.05F);
  const auto line = relevance_line(sample_of(distances), 10000, Metric::cosine);
  EXPECT_NEAR(line.distance, 0.4, 0.02);
}

TEST(Relevance, is_the_same_rule_for_l2_of_unit_rows) {
  for (const double deviation : {0.05, 0.15}) {
    const auto cosine = strangers(256, 0.8, deviation);
    std::vector<float> l2;
    for (const float distance : cosine) l2.push_back(std::sqrt(2 * distance));
    const float line = relevance_line(sample_of(l2), 500, Metric::l2).distance;
    EXPECT_NEAR(line * line / 2, relevance_line(sample_of(cosine), 500, Metric::cosine).distance,
                1e-5);
  }
}

TEST(Relevance, keeps_exact_copies_among_copies) {
  EXPECT_GT(relevance_line(sample_of(std::vector<float>(30, 1e-7F)), 30, Metric::cosine).distance,
            2e-7F);
  EXPECT_EQ(relevance_line(sample_of(std::vector<float>(30, 0.0F)), 30, Metric::l2).distance, 0);
  EXPECT_TRUE(relevance_line(sample_of(strangers(256, 0.8, 0.4)), 500, Metric::l2).known);
}

TEST(Relevance, is_not_known_where_it_cannot_be) {
  const auto sample = sample_of(strangers(256, 0.8, 0.05));
  EXPECT_FALSE(relevance_line(sample, kRelevanceRows - 1, Metric::cosine).known);
  EXPECT_TRUE(relevance_line(sample, kRelevanceRows, Metric::cosine).known);
  EXPECT_FALSE(relevance_line({}, 1000, Metric::cosine).known);
  EXPECT_FALSE(relevance_line(sample, 1000, Metric::inner_product).known);
  const auto infinite = sample_of(std::vector<float>(30, std::numeric_limits<float>::infinity()));
  EXPECT_FALSE(relevance_line(infinite, 1000, Metric::l2).known);
}

}  // namespace
}  // namespace alike::search
