#include "alike/map/layout/grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

void expect_each_once(const Grid& grid, std::size_t n) {
  ASSERT_EQ(grid.cell.size(), n);
  EXPECT_GE(grid.columns * grid.rows, n);
  std::vector<int> taken(grid.columns * grid.rows);
  for (const auto cell : grid.cell) {
    ASSERT_LT(cell, taken.size());
    EXPECT_EQ(taken[cell]++, 0);
  }
}

TEST(Grid, GivesEachPointACellOfItsOwn) {
  for (const std::size_t n : {0U, 1U, 2U, 3U, 16U, 17U, 500U, 1'601U, 5'003U}) {
    for (const double aspect : {0.5, 1.0, 1.6}) {
      expect_each_once(assign_to_grid(test::random_matrix(n, 2, n), aspect), n);
      expect_each_once(assign_to_grid(Matrix(n, 2), aspect), n);  // all alike
    }
  }
  expect_each_once(assign_to_grid(test::random_matrix(7, 2, 1), 100), 7);
  expect_each_once(assign_to_grid(test::random_matrix(7, 2, 1), 0.01), 7);
}

TEST(Grid, LeavesAGridAsItIs) {
  for (const std::size_t side : {12U, 60U}) {  // exactly, and by splitting
    Matrix points(side * side, 2);
    for (std::size_t i = 0; i < side * side; ++i) {
      points.row(i)[0] = static_cast<float>(i % side);
      points.row(i)[1] = -static_cast<float>(i / side);
    }
    const Grid grid = assign_to_grid(points, 1);
    EXPECT_EQ(grid.columns, side);
    for (std::uint32_t i = 0; i < side * side; ++i) EXPECT_EQ(grid.cell[i], i);
  }
}

TEST(Grid, KeepsNeighboursBetterThanChance) {
  const Matrix points = test::random_matrix(3'000, 2, 9);
  const Grid grid = assign_to_grid(points, 1.5);
  const auto apart = [&](std::size_t a, std::size_t b) {
    const double dx = double(grid.cell[a] % grid.columns) - double(grid.cell[b] % grid.columns);
    const double dy = double(grid.cell[a] / grid.columns) - double(grid.cell[b] / grid.columns);
    return std::hypot(dx, dy);
  };
  double near = 0, chance = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    std::size_t nearest = i == 0 ? 1 : 0;
    const auto away = [&](std::size_t j) {
      return std::hypot(points.row(i)[0] - points.row(j)[0], points.row(i)[1] - points.row(j)[1]);
    };
    for (std::size_t j = 0; j < 3'000; ++j) {
      if (j != i && away(j) < away(nearest)) nearest = j;
    }
    near += apart(i, nearest);
    chance += apart(i, (i * 7 + 11) % 3'000);
  }
  EXPECT_LT(near, chance / 8);
}

TEST(Grid, RefusesWhatIsNoNumberOrOutOfRange) {
  Matrix points = test::random_matrix(10, 2, 1);
  EXPECT_THROW(assign_to_grid(points, 0), Error);
  EXPECT_THROW(assign_to_grid(points, std::numeric_limits<double>::quiet_NaN()), Error);
  EXPECT_THROW(assign_to_grid(Matrix(3, 5), 1), Error);
  points.row(4)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(assign_to_grid(points, 1), Error);
}

}  // namespace
}  // namespace alike::map
