#include "alike/measure/learners/softmax_regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

std::vector<std::uint32_t> all_of(const Matrix& rows) {
  std::vector<std::uint32_t> which(rows.rows());
  std::iota(which.begin(), which.end(), 0U);
  return which;
}

std::vector<int> drawn_labels(std::size_t count, std::size_t classes, std::uint64_t seed) {
  Random random(seed);
  std::vector<int> labels(count);
  for (int& label : labels) label = static_cast<int>(random.below(classes));
  return labels;
}

/// The slow obvious twin: the formula in doubles, on rows standardised in doubles.
double objective(const Matrix& rows, const std::vector<int>& labels, std::size_t classes,
                 const std::vector<double>& values, double strength) {
  const std::size_t n = rows.rows(), width = rows.width();
  Matrix standard = rows;
  for (std::size_t j = 0; j < width; ++j) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < n; ++i) mean += rows.row(i)[j] / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      square += std::pow(rows.row(i)[j] - mean, 2) / static_cast<double>(n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      standard.row(i)[j] = static_cast<float>((rows.row(i)[j] - mean) / std::sqrt(square));
    }
  }
  double loss = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0, own = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      double score = values[classes * width + c];
      for (std::size_t j = 0; j < width; ++j) {
        score += values[c * width + j] * double{standard.row(i)[j]};
      }
      sum += std::exp(score);
      if (static_cast<int>(c) == labels[i]) own = score;
    }
    loss += std::log(sum) - own;
  }
  double square = 0;
  for (std::size_t i = 0; i < classes * width; ++i) square += values[i] * values[i];
  return loss / static_cast<double>(n) + strength / 2 * square;
}

TEST(SoftmaxRegression, has_the_value_and_the_slope_of_its_formula) {
  for (const std::size_t classes : {2U, 5U, 40U}) {
    const Matrix rows = test::random_matrix(150, 11, classes);
    const auto labels = drawn_labels(150, classes, 3);
    const PackedRows packed(rows, all_of(rows), standard_of(rows, all_of(rows), 2), 2);
    const SoftmaxRegression regression(packed, labels, classes, 2);
    Random random(5);
    std::vector<double> at(classes * 12), slope;
    for (double& value : at) value = random.uniform() - 0.5;
    const double value = regression.evaluate(at, 0.03, slope);
    EXPECT_NEAR(value, objective(rows, labels, classes, at, 0.03), 1e-5 * value);
    for (std::size_t i = 0; i < at.size(); i += 7) {
      std::vector<double> above = at, below = at;
      above[i] += 1e-4;
      below[i] -= 1e-4;
      const double numeric = (objective(rows, labels, classes, above, 0.03) -
                              objective(rows, labels, classes, below, 0.03)) /
                             2e-4;
      EXPECT_NEAR(slope[i], numeric, 1e-5 + 1e-4 * std::abs(numeric)) << classes << " " << i;
    }
  }
}

TEST(SoftmaxRegression, ends_where_the_slope_is_flat_whatever_its_start) {
  const Matrix rows = test::clustered_matrix(400, 30, 7, 1, 6);
  const auto labels = drawn_labels(400, 4, 3);
  const PackedRows packed(rows, all_of(rows), standard_of(rows, all_of(rows), 1), 1);
  const SoftmaxRegression regression(packed, labels, 4, 1);
  const LinearClassifier first = regression.fit(0.01), other = regression.fit(3);
  ASSERT_TRUE(first.converged);
  const LinearClassifier again = regression.fit(0.01, &other);
  EXPECT_NEAR(again.objective, first.objective, 1e-5 * first.objective);
  std::vector<double> slope;
  regression.evaluate(first.values, 0.01, slope);
  for (const double value : slope) EXPECT_NEAR(value, 0, 2e-3);
  EXPECT_LT(first.objective, other.objective);
}

TEST(SoftmaxRegression, is_the_same_for_any_number_of_threads) {
  const Matrix rows = test::clustered_matrix(900, 40, 7, 1, 6);
  const auto labels = drawn_labels(900, 3, 3);
  std::vector<double> wanted;
  for (const int threads : {1, 2, 3}) {
    const PackedRows packed(rows, all_of(rows), standard_of(rows, all_of(rows), threads), threads);
    const auto fitted = SoftmaxRegression(packed, labels, 3, threads).fit(0.001);
    if (wanted.empty()) wanted = fitted.values;
    EXPECT_EQ(fitted.values, wanted) << threads;
  }
}

TEST(PackedRows, have_mean_0_and_variance_1_and_no_constant_columns) {
  Matrix rows = test::random_matrix(77, 19, 2);
  for (std::size_t i = 0; i < 77; ++i) rows.row(i)[4] = 1e6F;
  const Standard standard = standard_of(rows, all_of(rows), 2);
  EXPECT_EQ(standard.constant, 1U);
  const PackedRows packed(rows, all_of(rows), standard, 2);
  ASSERT_EQ(packed.panels(), 3U);
  std::vector<float> scratch;
  std::vector<double> sum(19), square(19);
  for (std::size_t p = 0; p < 3; ++p) {
    const float* panel = packed.panel(p, scratch);
    for (std::size_t i = 0; i < 19 * index::kPanelQueries; ++i) {
      sum[i / index::kPanelQueries] += double{panel[i]};
      square[i / index::kPanelQueries] += double{panel[i]} * double{panel[i]};
    }
  }
  for (std::size_t j = 0; j < 19; ++j) {
    EXPECT_NEAR(sum[j] / 77, 0, 1e-6);
    EXPECT_NEAR(square[j] / 77, j == 4 ? 0 : 1, 1e-6);
  }
  rows.row(9)[3] = NAN;
  EXPECT_THROW(standard_of(rows, all_of(rows), 1), Error);
}

}  // namespace
}  // namespace alike::measure
