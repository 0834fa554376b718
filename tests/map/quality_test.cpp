#include "alike/map/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "alike/base/error.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using test::MatrixRows;

Neighbors neighbors_of(const Matrix& rows, std::size_t k = 15) {
  return find_neighbors(std::make_shared<MatrixRows>(rows, 64), index::Metric::l2, k, 2);
}

Quality judged(const Matrix& rows, const Matrix& points, const QualityOptions& options = {}) {
  return quality(std::make_shared<MatrixRows>(rows, 64), index::Metric::l2, points,
                 neighbors_of(rows), options);
}

/// Rows and points of tests/map/quality_reference.py.
std::pair<Matrix, Matrix> reference() {
  Matrix rows(200, 6), points(200, 2);
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      rows.row(i)[j] = static_cast<float>((i * (j + 3) * 7919 + i * i * 31 * (j + 1)) % 1009);
    }
    points.row(i)[0] = rows.row(i)[0] + static_cast<float>(i * 7919 % 32749) / 128;
    points.row(i)[1] = rows.row(i)[1] + static_cast<float>(i * i * 31 % 32719) / 128;
  }
  return {std::move(rows), std::move(points)};
}

/// Places of all others of a row, nearest first.
std::vector<std::size_t> order_of(const Matrix& rows, std::size_t row) {
  std::vector<std::pair<double, std::size_t>> all;
  for (std::size_t other = 0; other < rows.rows(); ++other) {
    double sum = 0;
    for (std::size_t i = 0; i < rows.width(); ++i) {
      const double step = static_cast<double>(rows.row(row)[i]) - rows.row(other)[i];
      sum += step * step;
    }
    if (other != row) all.emplace_back(sum, other);
  }
  std::ranges::sort(all);
  std::vector<std::size_t> order;
  for (const auto& [distance, place] : all) order.push_back(place);
  return order;
}

/// The slow obvious twin, by Venna and Kaski's formula.
double trustworthiness(const Matrix& rows, const Matrix& points, std::size_t k) {
  const auto n = static_cast<double>(rows.rows()), kk = static_cast<double>(k);
  double sum = 0;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto space = order_of(rows, row), map = order_of(points, row);
    for (std::size_t i = 0; i < k; ++i) {
      const auto rank = static_cast<double>(std::ranges::find(space, map[i]) - space.begin()) + 1;
      sum += std::max(0.0, rank - kk);
    }
  }
  return 1 - 2 / (n * kk * (2 * n - 3 * kk - 1)) * sum;
}

TEST(Quality, IsThatOfScikitLearn) {
  const auto [rows, points] = reference();
  const auto five = judged(rows, points, {5}), fifteen = judged(rows, points);
  EXPECT_NEAR(five.trustworthiness, 0.750875000000, 1e-9);
  EXPECT_NEAR(five.continuity, 0.893161458333, 1e-9);
  EXPECT_NEAR(fifteen.trustworthiness, 0.745101694915, 1e-9);
  EXPECT_NEAR(fifteen.continuity, 0.836553672316, 1e-9);
}

TEST(Quality, IsThatOfTheDefinition) {
  const Matrix rows = test::clustered_matrix(150, 8, 1, 1, 5);
  const Matrix points = test::random_matrix(150, 2, 2);
  const auto made = judged(rows, points, {.k = 10, .threads = 2});
  EXPECT_EQ(made.sample, 150U);
  EXPECT_NEAR(made.trustworthiness, trustworthiness(rows, points, 10), 1e-9);
  EXPECT_NEAR(made.continuity, trustworthiness(points, rows, 10), 1e-9);
  double all = 0;
  for (std::size_t row = 0; row < 150; ++row) {
    auto space = order_of(rows, row), map = order_of(points, row);
    space.resize(10);
    map.resize(10);
    double kept = 0;
    for (const auto place : map) kept += std::ranges::find(space, place) != space.end() ? 1 : 0;
    EXPECT_NEAR(made.trust[row], kept / 10, 1e-6);
    all += kept / 10;
  }
  EXPECT_NEAR(made.neighbors_kept, all / 150, 1e-6);
}

TEST(Quality, IsOneOfAMapThatChangesNothing) {
  const Matrix rows = test::random_matrix(300, 2, 3);
  const auto made = judged(rows, rows);
  EXPECT_EQ(made.trustworthiness, 1);
  EXPECT_EQ(made.continuity, 1);
  EXPECT_EQ(made.neighbors_kept, 1);
  EXPECT_EQ(made.triplets, 1);
  // A map that has nothing to do with the rows gets half of the triplets right.
  const auto none = judged(rows, test::random_matrix(300, 2, 4));
  EXPECT_NEAR(none.triplets, 0.5, 0.05);
  EXPECT_NEAR(none.trustworthiness, 0.5, 0.05);
}

TEST(Quality, OfASampleIsNearThatOfAll) {
  const Matrix rows = test::clustered_matrix(6000, 6, 5, 1, 8);
  Matrix points(6000, 2);
  for (std::size_t i = 0; i < 6000; ++i) std::copy_n(rows.row(i).data(), 2, points.row(i).data());
  const auto some = judged(rows, points, {.sample = 600, .threads = 2});
  const auto all = judged(rows, points, {.sample = 6000, .threads = 2});
  EXPECT_EQ(some.sample, 600U);
  EXPECT_EQ(all.sample, 6000U);
  EXPECT_NEAR(some.trustworthiness, all.trustworthiness, 0.01);
  EXPECT_NEAR(some.continuity, all.continuity, 0.01);
  EXPECT_NEAR(some.triplets, all.triplets, 0.02);
  const auto again = judged(rows, points, {.sample = 600, .threads = 4});
  EXPECT_EQ(some.trustworthiness, again.trustworthiness);
  EXPECT_EQ(some.triplets, again.triplets);
}

TEST(Quality, CountsOnlyLivingRows) {
  const Matrix rows = test::random_matrix(90, 5, 6);
  auto source = std::make_shared<MatrixRows>(rows, 16);
  Matrix living(60, 5);
  for (std::size_t i = 0, to = 0; i < 90; ++i) {
    source->dead()[i] = i % 3 == 0 ? 1 : 0;
    if (i % 3 != 0) std::ranges::copy(rows.row(i), living.row(to++).begin());
  }
  const Matrix points = test::random_matrix(60, 2, 7);
  const auto made = quality(source, index::Metric::l2, points, neighbors_of(living));
  EXPECT_EQ(made.continuity, judged(living, points).continuity);
  EXPECT_EQ(made.triplets, judged(living, points).triplets);
}

TEST(Quality, SaysNothingOfTooFewRows) {
  for (const std::size_t count : {1U, 2U, 3U, 16U}) {
    const auto made = judged(test::random_matrix(count, 4, 8), test::random_matrix(count, 2, 9));
    EXPECT_EQ(made.k, (count - 1) / 2);
    EXPECT_EQ(made.trust.size(), count);
    EXPECT_GE(made.trustworthiness, 0);
    EXPECT_LE(made.trustworthiness, 1);
  }
  const auto same = judged(Matrix(40, 3), Matrix(40, 2));
  EXPECT_TRUE(std::isfinite(same.trustworthiness) && std::isfinite(same.continuity));
}

TEST(Quality, RefusesWhatDoesNotFit) {
  const Matrix rows = test::random_matrix(20, 3, 10);
  EXPECT_THROW(judged(rows, Matrix(19, 2)), Error);
  EXPECT_THROW(judged(rows, Matrix(20, 3)), Error);
  EXPECT_THROW(judged(rows, Matrix(20, 2), {0}), Error);
}

TEST(LabelQuality, CountsVotesAndMeasuresCrowds) {
  Matrix points(6, 2);  // two crowds of three, one of each labelled as the other
  const float xs[] = {0, 1, 2, 10, 11, 12};
  for (std::size_t i = 0; i < 6; ++i) points.row(i)[0] = xs[i];
  const std::vector<int> apart{0, 0, 0, 1, 1, 1}, mixed{0, 1, 0, 1, 1, -1};
  const auto table = neighbors_of(points, 2);
  const auto clear = label_quality(apart, table, points, 2);
  EXPECT_EQ(clear.space, 1.0);
  EXPECT_EQ(clear.map, 1.0);
  const double outer = 1 - 1.0 / 11, inner = 1 - 1.0 / 9;  // the middle ones are at their means
  EXPECT_NEAR(clear.silhouette.value(), (outer + 1 + inner) / 3, 1e-12);
  // 0: votes 1, 0, nearer 1 wins; 1: votes 0, 0; 2: 1, 0, nearer 1; 3: 1; 4: 1, and one unknown.
  EXPECT_EQ(label_quality(mixed, table, points, 2).map, 2.0 / 5);
}

TEST(LabelQuality, SaysNothingOfOneLabel) {
  const Matrix points = test::random_matrix(5, 2, 11);
  const auto table = neighbors_of(points, 2);
  EXPECT_FALSE(label_quality(std::vector<int>(5, 3), table, points).space);
  EXPECT_FALSE(label_quality(std::vector<int>(5, -1), table, points).silhouette);
  const auto each = label_quality(std::vector<int>{0, 1, 2, 3, 4}, table, points);
  EXPECT_EQ(each.map, 0.0);
  EXPECT_EQ(each.silhouette, 0.0);
  EXPECT_THROW(label_quality(std::vector<int>(4), table, points), Error);
}

}  // namespace
}  // namespace alike::map
