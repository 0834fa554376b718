#include "alike/measure/learners/boosted_trees.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stop_token>

#include "alike/base/error.h"
#include "alike/measure/factors/disentanglement.h"
#include "alike/measure/factors/factor_check.h"
#include "alike/measure/learners/nearest_rows.h"
#include "tests/support/made_codes.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

TEST(BinnedColumns, hold_every_value_where_these_are_few) {
  Matrix rows(6, 1);
  const std::array<float, 6> values{3, 1, 2, 1, 3, 7};
  std::ranges::copy(values, rows.data());
  const BinnedColumns columns(rows);
  EXPECT_EQ(columns.bins(0), 4U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(columns.low(0, columns.column(0)[i]), values[i]);
    EXPECT_EQ(columns.high(0, columns.column(0)[i]), values[i]);
  }
}

TEST(BinnedColumns, share_rows_evenly_where_values_are_many) {
  const Matrix rows = test::random_matrix(5000, 3, 1);
  const BinnedColumns columns(rows, 16);
  for (std::size_t c = 0; c < 3; ++c) {
    ASSERT_EQ(columns.bins(c), 16U);
    std::vector<std::size_t> sizes(16);
    for (std::size_t i = 0; i < 5000; ++i) {
      const std::size_t bin = columns.column(c)[i];
      ++sizes[bin];
      EXPECT_LE(columns.low(c, bin), rows.row(i)[c]);
      EXPECT_GE(columns.high(c, bin), rows.row(i)[c]);
    }
    EXPECT_GE(*std::ranges::min_element(sizes), 311U);
    EXPECT_LE(*std::ranges::max_element(sizes), 314U);
  }
}

/// The share of squared error that the best cut of a column leaves, all cuts tried.
double best_cut(MatrixView rows, std::size_t column, std::span<const int> classes) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t cut = 0; cut < rows.rows; ++cut) {
    std::array<double, 2> count{}, ones{};
    for (std::size_t i = 0; i < rows.rows; ++i) {
      const std::size_t side = rows.row(i)[column] <= rows.row(cut)[column] ? 0 : 1;
      ++count[side];
      ones[side] += classes[i];
    }
    double left = 0;
    for (std::size_t side = 0; side < 2; ++side) {
      if (count[side] > 0) left += ones[side] - ones[side] * ones[side] / count[side];
    }
    best = std::min(best, left);
  }
  return best;
}

TEST(BoostedTrees, split_where_all_cuts_tried_say) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Matrix rows = test::random_matrix(60, 5, seed);
    std::vector<int> classes;
    for (std::size_t i = 0; i < 60; ++i) {
      classes.push_back(rows.row(i)[seed % 5] + rows.row(i)[(seed + 1) % 5] > 0.8F ? 1 : 0);
    }
    const BoostedTrees stump(BinnedColumns(rows), classes, 2, {.rounds = 1, .depth = 1});
    std::size_t best = 0;
    for (std::size_t c = 1; c < 5; ++c) {
      if (best_cut(rows, c, classes) < best_cut(rows, best, classes)) best = c;
    }
    EXPECT_EQ(stump.importance()[best], 1) << seed;
  }
}

/// Importance of the four columns, and share of test rows told right.
using Learnt = std::array<double, 5>;

Learnt learnt(std::size_t rounds, std::size_t factor) {
  const FactorTable factors = test::factor_table();
  const Matrix codes = test::codes_of("continuous", factors);
  const Split split = factor_split(900, {});
  const auto classes = values_at(factors, factor, split.train);
  const BoostedTrees trees(BinnedColumns(rows_at(codes, split.train)), classes,
                           static_cast<std::size_t>(test::kFactorValues[factor]),
                           {.rounds = rounds});
  Learnt result{};
  std::ranges::copy(trees.importance(), result.begin());
  for (const std::uint32_t row : split.test) {
    result[4] += trees.classify(codes.row(row)) == factors.at(row, factor) ? 1.0 / 300 : 0;
  }
  return result;
}

/// Printed by tests/measure/factors/reference_factors.py: scikit-learn 1.9.1.
TEST(BoostedTrees, are_those_of_scikit_learn) {
  const std::array<Learnt, 4> after_3{{
      {0.990701789, 0.000000000, 0.009298211, 0.000000000, 0.773333333},
      {0.012992063, 0.974658069, 0.005103806, 0.007246062, 0.613333333},
      {0.018203341, 0.007786071, 0.952953941, 0.021056647, 0.540000000},
      {0.000000000, 0.000000000, 0.000000000, 1.000000000, 1.000000000},
  }};
  const std::array<Learnt, 4> after_100{{
      {0.890474588, 0.037523353, 0.046609113, 0.025392946, 0.750000000},
      {0.056512288, 0.847603192, 0.051117687, 0.044766833, 0.603333333},
      {0.079371868, 0.080154715, 0.754103333, 0.086370084, 0.513333333},
      {0.000000000, 0.000000000, 0.000000000, 1.000000000, 1.000000000},
  }};
  for (std::size_t f = 0; f < 4; ++f) {
    SCOPED_TRACE(f);
    const Learnt early = learnt(3, f), late = learnt(100, f);
    // Two splits of factor 1 are equally good and taken otherwise.
    const double tolerance = f == 1 ? 0.004 : 1e-8;  // one of 300 rows
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_NEAR(early[i], after_3[f][i], tolerance);
      EXPECT_NEAR(late[i], after_100[f][i], i < 4 ? 0.005 : 0.015);
    }
  }
}

TEST(BoostedTrees, tell_what_two_columns_say_together) {
  const Matrix rows = test::random_matrix(400, 2, 3);
  std::vector<int> classes;
  for (std::size_t i = 0; i < 400; ++i) {
    classes.push_back((rows.row(i)[0] > 0.4F) != (rows.row(i)[1] > 0.4F) ? 2 : 0);
  }
  const BoostedTrees trees(BinnedColumns(rows), classes, 3);
  std::size_t right = 0;
  for (std::size_t i = 0; i < 400; ++i)
    right += trees.classify(rows.row(i)) == classes[i] ? 1U : 0U;
  EXPECT_GE(right, 396U);
  EXPECT_NEAR(trees.importance()[0] + trees.importance()[1], 1, 1e-12);
}

TEST(BoostedTrees, of_one_class_or_of_nothing_to_split) {
  const Matrix rows = test::random_matrix(10, 2, 1);
  const BoostedTrees one(BinnedColumns(rows), std::vector<int>(10, 3), 5);
  EXPECT_EQ(one.classify(rows.row(0)), 3);
  EXPECT_EQ(one.importance(), (std::vector<double>{0, 0}));
  const Matrix zeros(4, 2);
  const BoostedTrees flat(BinnedColumns(zeros), std::vector<int>{0, 1, 1, 1}, 2);
  EXPECT_EQ(flat.importance(), (std::vector<double>{0, 0}));
  EXPECT_EQ(flat.classify(zeros.row(0)), 1);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(BoostedTrees(BinnedColumns(rows), std::vector<int>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 2,
                            {}, source.get_token()),
               Error);
}

}  // namespace
}  // namespace alike::measure
