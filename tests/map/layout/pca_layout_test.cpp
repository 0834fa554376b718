#include "alike/map/layout/pca_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stop_token>
#include <vector>

#include "alike/base/error.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using test::MatrixRows;

PcaLayout layout_of(Matrix rows, index::Metric metric = index::Metric::l2, int threads = 2) {
  return pca_layout(std::make_shared<MatrixRows>(std::move(rows), 16), metric, threads);
}

/// The slow obvious twin: power iteration on the covariance, then on the rest.
PcaLayout by_covariance(const Matrix& rows) {
  const std::size_t n = rows.rows(), d = rows.width();
  std::vector<double> centered(n * d);
  for (std::size_t c = 0; c < d; ++c) {
    double mean = 0;
    for (std::size_t r = 0; r < n; ++r) mean += static_cast<double>(rows.row(r)[c]);
    mean /= static_cast<double>(n);
    for (std::size_t r = 0; r < n; ++r) {
      centered[r * d + c] = static_cast<double>(rows.row(r)[c]) - mean;
    }
  }
  std::vector<double> covariance(d * d);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t i = 0; i < d * d; ++i) {
      covariance[i] += centered[r * d + i / d] * centered[r * d + i % d];
    }
  }
  double trace = 0;
  for (std::size_t i = 0; i < d; ++i) trace += covariance[i * d + i];
  PcaLayout made{Matrix(n, 2), {}};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::vector<double> v(d), next(d);
    for (std::size_t i = 0; i < d; ++i) v[i] = 1 + 0.1 * static_cast<double>(i);
    double length = 0;
    for (int round = 0; round < 5000; ++round) {
      length = 0;
      for (std::size_t i = 0; i < d; ++i) {
        next[i] = 0;
        for (std::size_t j = 0; j < d; ++j) next[i] += covariance[i * d + j] * v[j];
        length += next[i] * next[i];
      }
      length = std::sqrt(length);
      for (std::size_t i = 0; i < d; ++i) v[i] = next[i] / length;
    }
    const auto [low, high] = std::ranges::minmax_element(v);
    const double sign = std::abs(*low) > std::abs(*high) ? -1 : 1;
    for (std::size_t r = 0; r < n; ++r) {
      double sum = 0;
      for (std::size_t i = 0; i < d; ++i) sum += sign * v[i] * centered[r * d + i];
      made.points.row(r)[axis] = static_cast<float>(sum);
    }
    made.explained[axis] = length / trace;
    for (std::size_t i = 0; i < d * d; ++i) covariance[i] -= length * v[i / d] * v[i % d];
  }
  return made;
}

void expect_same(const PcaLayout& a, const PcaLayout& b, double error) {
  ASSERT_EQ(a.points.rows(), b.points.rows());
  for (std::size_t axis : {0U, 1U}) EXPECT_NEAR(a.explained[axis], b.explained[axis], 1e-7);
  for (std::size_t i = 0; i < 2 * a.points.rows(); ++i) {
    EXPECT_NEAR(a.points.data()[i], b.points.data()[i], error) << i;
  }
}

TEST(PcaLayout, IsThatOfTheCovariance) {
  for (const std::size_t width : {2U, 5U, 8U, 9U, 40U}) {
    const Matrix rows = test::clustered_matrix(200, width, 1, 1, 4);
    expect_same(layout_of(rows), by_covariance(rows), 2e-3);
  }
}

TEST(PcaLayout, TakesRowsOfCosineAtLengthOne) {
  Matrix rows = test::random_matrix(100, 12, 2), unit = rows;
  for (std::size_t r = 0; r < 100; ++r) {
    float square = 0;
    for (const float value : rows.row(r)) square += value * value;
    for (float& value : unit.row(r)) value /= std::sqrt(square);
  }
  expect_same(layout_of(rows, index::Metric::cosine), layout_of(unit), 1e-5);
}

TEST(PcaLayout, IsTheSameForAnyThreads) {
  const Matrix rows = test::random_matrix(500, 30, 3);
  const auto one = layout_of(rows, index::Metric::l2, 1);
  for (const int threads : {2, 4}) {
    const auto more = layout_of(rows, index::Metric::l2, threads);
    EXPECT_TRUE(std::equal(one.points.data(), one.points.data() + 1000, more.points.data()));
  }
}

TEST(PcaLayout, CountsOnlyLivingRows) {
  const Matrix rows = test::clustered_matrix(60, 6, 4, 1, 4);
  auto source = std::make_shared<MatrixRows>(rows, 7);
  for (std::size_t i = 0; i < 20; ++i) source->dead()[i] = 1;
  Matrix living(40, 6);
  std::copy_n(rows.data() + 120, 240, living.data());
  expect_same(pca_layout(source, index::Metric::l2, 1), layout_of(living), 1e-5);
}

TEST(PcaLayout, IsRightWhereLittleDiffers) {
  for (const std::size_t count : {1U, 50U}) {
    Matrix same(count, 9);
    std::fill_n(same.data(), count * 9, 0.1F);
    const auto made = layout_of(same);
    for (std::size_t i = 0; i < 2 * count; ++i) EXPECT_EQ(made.points.data()[i], 0);
    EXPECT_EQ(made.explained[0], 0);
  }
  Matrix two(2, 20);  // one column differs, the others are constant
  std::fill_n(two.data(), 40, 7.0F);
  two.row(1)[3] = 11;
  const auto made = layout_of(two);
  EXPECT_NEAR(made.points.row(0)[0], -2, 1e-6);
  EXPECT_NEAR(made.points.row(1)[0], 2, 1e-6);
  EXPECT_NEAR(made.points.row(1)[1], 0, 1e-6);
  EXPECT_NEAR(made.explained[0], 1, 1e-12);
  EXPECT_NEAR(made.explained[1], 0, 1e-12);
  const auto line = layout_of(test::random_matrix(30, 1, 5));  // one column
  EXPECT_NEAR(line.explained[0], 1, 1e-12);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(line.points.row(i)[1], 0);
}

TEST(PcaLayout, TakesVeryWideRows) {
  Matrix wide(12, 62720);
  for (std::size_t r = 0; r < 12; ++r) {
    wide.row(r)[100] = static_cast<float>(r);
    wide.row(r)[62719] = static_cast<float>(r % 2);
  }
  const auto made = layout_of(wide);
  EXPECT_GT(made.explained[0], 0.97);
  EXPECT_NEAR(made.explained[0] + made.explained[1], 1, 1e-9);
}

TEST(PcaLayout, RefusesWhatHasNone) {
  EXPECT_THROW(layout_of(Matrix(0, 4)), Error);
  Matrix rows = test::random_matrix(30, 4, 6);
  rows.row(21)[1] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(layout_of(rows), Error);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(pca_layout(std::make_shared<MatrixRows>(test::random_matrix(30, 4, 7), 8),
                          index::Metric::l2, 1, {{}, stop.get_token()}),
               Error);
}

}  // namespace
}  // namespace alike::map
