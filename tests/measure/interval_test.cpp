#include "alike/measure/interval.h"

#include <gtest/gtest.h>

#include <cmath>

#include "alike/base/random.h"

namespace alike::measure {
namespace {

/// Of `count` samples of `size` numbers of mean 0.3, the share with an interval that holds 0.3.
double covered(std::size_t count, std::size_t size, auto draw) {
  std::size_t holds = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Random random(1000 + i);
    std::vector<double> values(size);
    for (double& value : values) value = draw(random);
    const Interval interval = bootstrap_interval(values, i, 1000);
    holds += interval.low <= 0.3 && 0.3 <= interval.high;
  }
  return static_cast<double>(holds) / static_cast<double>(count);
}

TEST(Interval, holds_the_truth_as_often_as_it_says) {
  const auto hits = [](Random& random) { return random.uniform() < 0.3 ? 1.0 : 0.0; };
  const double of_hits = covered(1000, 300, hits);
  EXPECT_GE(of_hits, 0.93);
  EXPECT_LE(of_hits, 0.97);
  const auto skewed = [](Random& random) { return -0.3 * std::log(1 - random.uniform()); };
  const double of_skewed = covered(1000, 300, skewed);
  EXPECT_GE(of_skewed, 0.93);
  EXPECT_LE(of_skewed, 0.97);
}

TEST(Interval, of_a_difference_is_narrower_where_rows_agree) {
  Random random(1);
  Measure first{"a", 0, {}, {}}, second{"b", 0, {}, {}};
  for (std::uint32_t row = 0; row < 500; ++row) {
    const double hard = random.uniform();
    first.rows.push_back(row);
    first.values.push_back(hard);
    second.rows.push_back(row);
    second.values.push_back(hard + 0.01 * random.uniform());
  }
  const Difference difference = paired_difference(first, second, 1);
  EXPECT_EQ(difference.rows, 500U);
  EXPECT_NEAR(difference.mean, 0.005, 0.001);
  EXPECT_TRUE(difference.real());
  EXPECT_LT(difference.interval.high - difference.interval.low, 0.001);
  EXPECT_FALSE(paired_difference(first, first, 1).real());
}

TEST(Interval, pairs_only_rows_that_both_have) {
  const Measure first{"a", 0, {1, 3, 4}, {1, 0, 1}}, second{"b", 0, {0, 3, 4, 9}, {1, 1, 1, 0}};
  const Difference difference = paired_difference(first, second, 1);
  EXPECT_EQ(difference.rows, 2U);
  EXPECT_DOUBLE_EQ(difference.mean, 0.5);
}

TEST(Interval, of_one_value_is_that_value) {
  const std::vector<double> one{0.25};
  EXPECT_EQ(bootstrap_interval(one, 1).low, 0.25);
  EXPECT_EQ(bootstrap_interval({}, 1).high, 0);
}

}  // namespace
}  // namespace alike::measure
