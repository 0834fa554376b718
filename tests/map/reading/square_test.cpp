#include "alike/map/reading/square.h"

#include <gtest/gtest.h>

namespace alike::map {
namespace {

TEST(Square, holds_all_points_at_one_scale_with_the_shorter_side_in_the_middle) {
  Matrix points(3, 2);
  const float at[3][2] = {{-1, 5}, {3, 6}, {1, 7}};
  for (std::size_t i = 0; i < 3; ++i) std::copy_n(at[i], 2, points.row(i).begin());
  const Square square(points);
  EXPECT_EQ(square.side, 4);
  EXPECT_EQ(square.x, -1);
  EXPECT_EQ(square.y, 4);
  EXPECT_EQ(square.share(0, 1), 0.5);
  EXPECT_EQ(square.share(1, 5), 0.25);
  EXPECT_EQ(square.share(1, 7), 0.75);
}

TEST(Square, has_points_of_one_place_in_its_middle) {
  Matrix points(2, 2);
  for (std::size_t i = 0; i < 2; ++i) points.row(i)[0] = points.row(i)[1] = 0.5F;
  const Square square(points);
  EXPECT_NEAR(square.share(0, 0.5F), 0.5, 1e-6);
  EXPECT_NEAR(square.share(1, 0.5F), 0.5, 1e-6);
  EXPECT_EQ(Square(MatrixView{}).side, 1e-9);
}

}  // namespace
}  // namespace alike::map
