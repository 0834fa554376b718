#include "alike/map/planar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "alike/base/error.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

TEST(PlanarNeighbors, AreTheNearestOthers) {
  for (const std::size_t count : {2U, 9U, 10U, 700U}) {
    const Matrix points = test::clustered_matrix(count, 2, 1, 1, 5);
    const auto table = planar_neighbors(points, 15, 2);
    ASSERT_EQ(table.k, std::min<std::size_t>(15, count - 1));
    for (std::size_t row = 0; row < count; ++row) {
      std::vector<double> all;
      for (std::size_t other = 0; other < count; ++other) {
        if (other == row) continue;
        const double x = static_cast<double>(points.row(row)[0]) - points.row(other)[0];
        const double y = static_cast<double>(points.row(row)[1]) - points.row(other)[1];
        all.push_back(std::sqrt(x * x + y * y));
      }
      std::ranges::sort(all);
      for (std::size_t i = 0; i < table.k; ++i) {
        EXPECT_NEAR(table.distances_of(row)[i], all[i], 1e-6) << row;
        EXPECT_NE(table.places_of(row)[i], row);
      }
    }
  }
}

TEST(PlanarNeighbors, OfPointsInOnePlaceAreSoonFound) {
  const auto table = planar_neighbors(Matrix(50'000, 2), 15, 2);
  EXPECT_EQ(table.k, 15U);
  for (const float distance : table.distances) EXPECT_EQ(distance, 0);
  EXPECT_EQ(table.places, planar_neighbors(Matrix(50'000, 2), 15, 1).places);
}

TEST(PlanarNeighbors, GiveNoneWhereThereAreNone) {
  EXPECT_EQ(planar_neighbors(Matrix(0, 2), 15, 1).k, 0U);
  EXPECT_EQ(planar_neighbors(Matrix(1, 2), 15, 1).k, 0U);
  EXPECT_THROW(planar_neighbors(Matrix(4, 3), 15, 1), Error);
  Matrix bad(4, 2);
  bad.row(2)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(planar_neighbors(bad, 2, 1), Error);
}

}  // namespace
}  // namespace alike::map
