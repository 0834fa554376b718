#include "alike/map/reading/point_neighbors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "alike/base/random.h"

namespace alike::map {
namespace {

/// The slow obvious twin.
std::vector<std::pair<double, std::uint32_t>> nearest_others(const Matrix& points, std::size_t of) {
  std::vector<std::pair<double, std::uint32_t>> all;
  for (std::size_t i = 0; i < points.rows(); ++i) {
    const double dx = static_cast<double>(points.row(of)[0]) - points.row(i)[0],
                 dy = static_cast<double>(points.row(of)[1]) - points.row(i)[1];
    if (i != of) all.emplace_back(dx * dx + dy * dy, static_cast<std::uint32_t>(i));
  }
  std::ranges::sort(all);
  return all;
}

void expect_nearest(const Matrix& points, std::size_t k) {
  for (const int threads : {1, 3}) {
    const auto table = point_neighbors(points, k, threads);
    ASSERT_EQ(table.k, std::min(k, points.rows() - 1));
    for (std::size_t of = 0; of < points.rows(); ++of) {
      const auto truth = nearest_others(points, of);
      for (std::size_t i = 0; i < table.k; ++i) {
        ASSERT_EQ(table.places_of(of)[i], truth[i].second) << of;
        ASSERT_EQ(table.distances_of(of)[i], static_cast<float>(std::sqrt(truth[i].first))) << of;
      }
    }
  }
}

TEST(PointNeighbors, are_the_nearest_others) {
  Random random(1);
  Matrix points(700, 2);
  for (std::size_t i = 0; i < points.rows(); ++i) {
    const double crowd = i % 3 == 0 ? 1000.0 : 0.01;  // crowds of very unlike density
    for (float& value : points.row(i)) value = static_cast<float>(crowd * random.uniform());
  }
  expect_nearest(points, 15);
}

TEST(PointNeighbors, of_equal_points_and_of_points_in_a_line_come_by_place) {
  Matrix points(200, 2);
  for (std::size_t i = 0; i < 100; ++i) {
    const std::size_t column = i / 7;
    points.row(i)[0] = static_cast<float>(column);
  }
  expect_nearest(points, 40);
}

TEST(PointNeighbors, are_fewer_where_there_are_fewer) {
  for (const std::size_t count : {1U, 2U, 3U, 17U}) {
    Matrix points(count, 2);
    for (std::size_t i = 0; i < count; ++i) points.row(i)[1] = static_cast<float>(i);
    expect_nearest(points, 20);
  }
  EXPECT_EQ(point_neighbors(Matrix(0, 2), 5, 1).rows, 0U);
}

}  // namespace
}  // namespace alike::map
