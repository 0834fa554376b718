#include "alike/map/reading/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/map/reading/point_neighbors.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using index::Metric;
using test::MatrixRows;

double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  }
  return std::sqrt(sum);
}

/// The others of each row, nearest first.
std::vector<std::vector<std::size_t>> orders(const Matrix& rows) {
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t of = 0; of < rows.rows(); ++of) {
    std::vector<std::size_t> order(rows.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(of));
    std::ranges::stable_sort(order, {},
                             [&](std::size_t i) { return distance(rows.row(of), rows.row(i)); });
    all.push_back(std::move(order));
  }
  return all;
}

/// Trustworthiness by its definition (Venna, Kaski 2001); continuity with the two exchanged.
double trustworthiness(const std::vector<std::vector<std::size_t>>& rows,
                       const std::vector<std::vector<std::size_t>>& points, std::size_t k) {
  double sum = 0;
  for (std::size_t of = 0; of < rows.size(); ++of) {
    for (std::size_t i = 0; i < k; ++i) {
      const auto at = std::ranges::find(rows[of], points[of][i]) - rows[of].begin() + 1;
      sum += std::max(0.0, static_cast<double>(at) - static_cast<double>(k));
    }
  }
  const auto n = static_cast<double>(rows.size()), near = static_cast<double>(k);
  return 1 - 2 / (n * near * (2 * n - 3 * near - 1)) * sum;
}

double kept(const std::vector<std::vector<std::size_t>>& rows,
            const std::vector<std::vector<std::size_t>>& points, std::size_t k) {
  std::size_t both = 0;
  for (std::size_t of = 0; of < rows.size(); ++of) {
    const auto end = static_cast<std::ptrdiff_t>(k);
    const std::set<std::size_t> near(rows[of].begin(), rows[of].begin() + end);
    for (std::size_t i = 0; i < k; ++i) both += near.count(points[of][i]);
  }
  return static_cast<double>(both) / static_cast<double>(k * rows.size());
}

Quality judge(const Matrix& rows, const Matrix& points, std::size_t k = 10, int threads = 1,
              Metric metric = Metric::l2) {
  return measure_quality(std::make_shared<MatrixRows>(rows, 64), metric, points,
                         point_neighbors(points, k, 1), k, 7, threads);
}

Matrix first_two(const Matrix& rows) {
  Matrix points(rows.rows(), 2);
  for (std::size_t r = 0; r < rows.rows(); ++r)
    std::copy_n(rows.row(r).begin(), 2, points.row(r).begin());
  return points;
}

TEST(Quality, is_what_its_definitions_say) {
  const Matrix rows = test::clustered_matrix(300, 6, 1, 1, 8);
  const Matrix points = first_two(rows);
  const auto of_rows = orders(rows), of_points = orders(points);
  const Quality quality = judge(rows, points);
  EXPECT_EQ(quality.sample, 300U);
  EXPECT_NEAR(quality.trustworthiness, trustworthiness(of_rows, of_points, 10), 1e-9);
  EXPECT_NEAR(quality.continuity, trustworthiness(of_points, of_rows, 10), 1e-9);
  EXPECT_NEAR(quality.neighbors_kept, kept(of_rows, of_points, 10), 1e-9);
  EXPECT_GT(quality.triplets, 0.6);
  EXPECT_LT(quality.triplets, 0.95);
  EXPECT_LT(quality.trustworthiness, 0.95);
  const double mean = std::accumulate(quality.trust.begin(), quality.trust.end(), 0.0) / 300;
  EXPECT_NEAR(mean, quality.trustworthiness, 1e-6);
}

TEST(Quality, is_that_of_scikit_learn) {  // tests/map/reading/quality_reference.py
  Matrix rows(200, 6), points(200, 2);
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      rows.row(i)[j] = static_cast<float>((i * (j + 3) * 7919 + i * i * 31 * (j + 1)) % 1009);
    }
    points.row(i)[0] = rows.row(i)[0] + static_cast<float>(i * 7919 % 32749) / 128;
    points.row(i)[1] = rows.row(i)[1] + static_cast<float>(i * i * 31 % 32719) / 128;
  }
  EXPECT_NEAR(judge(rows, points, 5).trustworthiness, 0.750875000000, 1e-9);
  EXPECT_NEAR(judge(rows, points, 5).continuity, 0.893161458333, 1e-9);
  EXPECT_NEAR(judge(rows, points, 15).trustworthiness, 0.745101694915, 1e-9);
  EXPECT_NEAR(judge(rows, points, 15).continuity, 0.836553672316, 1e-9);
}

TEST(Quality, is_one_for_rows_that_are_points) {
  const Matrix rows = test::random_matrix(400, 2, 2);
  const Quality quality = judge(rows, rows);
  EXPECT_EQ(quality.trustworthiness, 1);
  EXPECT_EQ(quality.continuity, 1);
  EXPECT_EQ(quality.neighbors_kept, 1);
  EXPECT_EQ(quality.triplets, 1);
}

TEST(Quality, of_points_at_random_is_that_of_chance) {
  const Quality quality =
      judge(test::random_matrix(1000, 20, 3), first_two(test::random_matrix(1000, 2, 4)));
  EXPECT_NEAR(quality.trustworthiness, 0.5, 0.02);
  EXPECT_NEAR(quality.continuity, 0.5, 0.02);
  EXPECT_NEAR(quality.triplets, 0.5, 0.02);
  EXPECT_LT(quality.neighbors_kept, 0.03);
}

TEST(Quality, of_a_sample_is_near_that_of_all) {
  const Matrix rows = test::clustered_matrix(5500, 40, 5, 1, 40);
  const Matrix points = first_two(rows);
  const Quality one = judge(rows, points, 15, 1, Metric::cosine);
  const Quality two = judge(rows, points, 15, 2, Metric::cosine);
  EXPECT_EQ(one.sample, 5000U);
  EXPECT_EQ(one.trustworthiness, two.trustworthiness);
  EXPECT_EQ(one.triplets, two.triplets);
  EXPECT_EQ(one.trust, two.trust);
  const double mean = std::accumulate(one.trust.begin(), one.trust.end(), 0.0) / 5500;
  EXPECT_NEAR(mean, one.trustworthiness, 0.01);
}

TEST(Quality, says_nothing_of_too_few_and_refuses_unlike_sizes) {
  for (const std::size_t count : {1U, 2U}) {
    const Matrix rows = test::random_matrix(count, 4, 1);
    const Quality quality = judge(rows, first_two(rows));
    EXPECT_EQ(quality.k, 0U);
    EXPECT_EQ(quality.trust, std::vector<float>(count, 1));
  }
  EXPECT_EQ(judge(test::random_matrix(3, 4, 1), Matrix(3, 2)).k, 1U);
  EXPECT_THROW(judge(test::random_matrix(5, 4, 1), Matrix(4, 2)), Error);
}

}  // namespace
}  // namespace alike::map
