#include "alike/measure/interval.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "alike/base/random.h"
#include "alike/measure/knn.h"
#include "alike/measure/retrieval.h"

namespace alike::measure {
namespace {

std::vector<std::uint32_t> places(std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = static_cast<std::uint32_t>(i);
  return rows;
}

Measure measure_of(std::vector<double> values) {
  auto rows = places(values.size());
  return mean_of("m", std::move(rows), std::move(values));
}

/// Of `count` samples of `size` numbers of mean `truth`, the share with an interval that holds it.
double covered(std::size_t count, std::size_t size, double truth, auto draw) {
  std::size_t holds = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Random random(1000 + i);
    std::vector<double> values(size);
    for (double& value : values) value = draw(random);
    const Interval interval = interval_of(measure_of(std::move(values)));
    holds += interval.low <= truth && truth <= interval.high;
  }
  return static_cast<double>(holds) / static_cast<double>(count);
}

TEST(Interval, of_values_that_do_not_depend_on_each_other_holds_the_truth) {
  for (const double share : {0.02, 0.3, 0.97}) {
    const double of_hits = covered(
        1000, 300, share, [&](Random& random) { return random.uniform() < share ? 1.0 : 0.0; });
    EXPECT_GE(of_hits, 0.93) << share;
    EXPECT_LE(of_hits, 0.97) << share;
  }
  const auto skewed = [](Random& random) { return std::pow(random.uniform(), 9); };
  const double of_skewed = covered(1000, 300, 0.1, skewed);
  EXPECT_GE(of_skewed, 0.93);
  EXPECT_LE(of_skewed, 0.97);
}

// scipy.stats.binomtest(k, n).proportion_ci(method="wilson"), scipy 1.17.1
TEST(Interval, of_right_and_wrong_rows_is_that_of_wilson) {
  struct Golden {
    std::size_t right, rows;
    double low, high, near;
  };
  for (const auto& golden :
       {Golden{2, 2, 0.342380, 1, 1e-3}, Golden{20, 20, 0.838875, 1, 1e-3},
        Golden{0, 7, 0, 0.354330, 1e-3}, Golden{180, 200, 0.850594, 0.934330, 2e-3}}) {
    std::vector<double> values(golden.rows);
    for (std::size_t i = 0; i < golden.right; ++i) values[i] = 1;
    const Interval interval = interval_of(measure_of(values));
    EXPECT_NEAR(interval.low, golden.low, golden.near) << golden.right << " of " << golden.rows;
    EXPECT_NEAR(interval.high, golden.high, golden.near) << golden.right << " of " << golden.rows;
  }
}

TEST(Interval, of_other_equal_values_is_not_a_point) {
  const Interval interval = interval_of(measure_of({0.5, 0.5}));
  EXPECT_LT(interval.low, 0.3);
  EXPECT_GT(interval.high, 0.7);
}

TEST(Interval, keeps_the_scale_of_the_measure) {
  Measure shares = measure_of({0.2, 0.9, 0.4, 1, 0});
  Measure percents = measure_of({20, 90, 40, 100, 0});
  percents.most = 100;
  EXPECT_NEAR(interval_of(percents).low, 100 * interval_of(shares).low, 1e-9);
  EXPECT_NEAR(interval_of(percents).high, 100 * interval_of(shares).high, 1e-9);
}

TEST(Interval, of_one_value_is_that_value) {
  EXPECT_EQ(interval_of(measure_of({0.25})).low, 0.25);
  EXPECT_EQ(interval_of(Measure{}).high, 0);
}

TEST(Interval, counts_effects_on_others_and_draws) {
  Measure measure = measure_of({0, 1, 1, 1});
  measure.others = {1, 7};
  measure.effects = {0.25, 2};
  measure.drawn = 0.01;
  // (0.75² + (0.25 + 0.25)² + 0.25² + 0.25² + 2²) / 12
  EXPECT_NEAR(variance_of(measure), 4.9375 / 12 + 0.01, 1e-12);
  EXPECT_NEAR(design_effect(measure), (4.9375 / 12 + 0.01) / 0.0625, 1e-12);
}

// scipy.stats.t.ppf(0.975, f)
TEST(Interval, reaches_as_far_as_student_has_it) {
  EXPECT_NEAR(student_bound(1), 12.7062, 1e-3);
  EXPECT_NEAR(student_bound(4), 2.776445, 8e-3);
  EXPECT_NEAR(student_bound(10), 2.228139, 3e-4);
  EXPECT_NEAR(student_bound(1e6), 1.959966, 1e-5);
}

TEST(Difference, is_narrower_where_rows_agree) {
  Random random(1);
  std::vector<double> first, second;
  for (std::uint32_t row = 0; row < 500; ++row) {
    first.push_back(random.uniform());
    second.push_back(first.back() + 0.01 * random.uniform());
  }
  const Measure one = measure_of(first), other = measure_of(second);
  const Difference difference = paired_difference(one, other);
  EXPECT_EQ(difference.rows, 500U);
  EXPECT_NEAR(difference.mean, 0.005, 0.001);
  EXPECT_TRUE(difference.real());
  EXPECT_LT(difference.interval.high - difference.interval.low, 0.001);
  EXPECT_FALSE(paired_difference(one, one).real());
}

TEST(Difference, pairs_only_rows_that_both_have) {
  const Measure first = mean_of("a", {1, 3, 4}, {1, 0, 1});
  const Measure second = mean_of("b", {0, 3, 4, 9}, {1, 1, 1, 0});
  const Difference difference = paired_difference(first, second);
  EXPECT_EQ(difference.rows, 2U);
  EXPECT_DOUBLE_EQ(difference.mean, 0.5);
}

TEST(Difference, of_a_few_rows_that_all_differ_is_not_real) {
  for (const std::size_t rows : {1U, 2U, 3U}) {
    const Measure none = measure_of(std::vector<double>(rows, 0));
    EXPECT_FALSE(paired_difference(measure_of(std::vector<double>(rows, 1)), none).real()) << rows;
  }
  EXPECT_TRUE(paired_difference(measure_of(std::vector<double>(12, 1)),
                                measure_of(std::vector<double>(12, 0)))
                  .real());
}

constexpr std::size_t kRows = 120, kWidth = 6, kClasses = 6;

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) *
         std::cos(2 * 3.141592653589793 * random.uniform());
}

/// Rows of one mixture, seen twice, each time with a noise of its own.
struct Seen {
  std::array<Matrix, 2> rows;
  std::vector<int> labels;
};

Seen seen(std::uint64_t seed) {
  Random of_centers(1), random(100 + seed);
  Matrix centers(kClasses, kWidth);
  for (std::size_t c = 0; c < kClasses; ++c) {
    for (float& value : centers.row(c)) value = static_cast<float>(normal(of_centers));
  }
  Seen made{{Matrix(kRows, kWidth), Matrix(kRows, kWidth)}, {}};
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::size_t c = random.below(kClasses);
    made.labels.push_back(static_cast<int>(c));
    for (std::size_t j = 0; j < kWidth; ++j) {
      const double value = double{centers.row(c)[j]} + normal(random);
      for (Matrix& rows : made.rows) {
        rows.row(r)[j] = static_cast<float>(value + normal(random) / 2);
      }
    }
  }
  return made;
}

/// bench/intervals.cpp says more, of every protocol.
TEST(Interval, of_retrieval_holds_the_mean_of_other_sets_and_equal_spaces_are_as_good) {
  constexpr std::size_t kSets = 200;
  std::vector<std::vector<Measure>> found;
  std::vector<std::size_t> different;
  for (std::size_t set = 0; set < kSets; ++set) {
    const Seen sample = seen(set);
    found.push_back(measure_retrieval(sample.rows[0], sample.labels, {}).measures);
    const auto other = measure_retrieval(sample.rows[1], sample.labels, {}).measures;
    different.resize(other.size());
    for (std::size_t m = 0; m < other.size(); ++m) {
      different[m] += paired_difference(found.back()[m], other[m]).real() ? 1U : 0U;
    }
  }
  for (std::size_t m = 0; m < different.size(); ++m) {
    double truth = 0;
    std::size_t holds = 0;
    for (const auto& measures : found) truth += measures[m].value / kSets;
    for (const auto& measures : found) {
      const Interval interval = interval_of(measures[m]);
      holds += interval.low <= truth && truth <= interval.high ? 1U : 0U;
    }
    EXPECT_GE(holds, 186U) << found.front()[m].name;
    EXPECT_LE(holds, 198U) << found.front()[m].name;
    EXPECT_LE(different[m], 14U) << found.front()[m].name;
  }
}

}  // namespace
}  // namespace alike::measure
