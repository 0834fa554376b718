#include "alike/map/align.h"

#include <gtest/gtest.h>

#include <cmath>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::map {
namespace {

Matrix random_points(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Matrix points(count, 2);
  for (std::size_t i = 0; i < 2 * count; ++i) {
    points.data()[i] = static_cast<float>(10 * random.uniform());
  }
  return points;
}

double squares(const Matrix& a, const Matrix& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 2 * a.rows(); ++i) {
    const double step = static_cast<double>(a.data()[i]) - b.data()[i];
    sum += step * step;
  }
  return sum;
}

TEST(Align, undoes_a_turn_a_reflection_a_scale_and_a_shift) {
  const Matrix fixed = random_points(50, 1);
  for (const double mirror : {1.0, -1.0}) {
    Matrix moved = fixed;
    Similarity{{-0.6, -2.4 * mirror, 2.4, -0.6 * mirror}, {7, -3}}.apply(moved);
    const Similarity back = align(moved, fixed);
    back.apply(moved);
    EXPECT_LT(squares(moved, fixed), 1e-8) << mirror;
    EXPECT_NEAR(back.matrix[0] * back.matrix[3] - back.matrix[1] * back.matrix[2],
                mirror / (0.6 * 0.6 + 2.4 * 2.4), 1e-6);
  }
}

TEST(Align, leaves_the_least_squares) {
  const Matrix moving = random_points(40, 2), fixed = random_points(40, 3);
  const Similarity best = align(moving, fixed);
  const auto left = [&](const Similarity& similarity) {
    Matrix moved = moving;
    similarity.apply(moved);
    return squares(moved, fixed);
  };
  for (const double step : {1e-2, -1e-2}) {
    Similarity turned = best, scaled = best, shifted = best;
    turned.matrix = {best.matrix[0] - step * best.matrix[2], best.matrix[1] - step * best.matrix[3],
                     best.matrix[2] + step * best.matrix[0],
                     best.matrix[3] + step * best.matrix[1]};
    for (double& number : scaled.matrix) number *= 1 + step;
    shifted.shift[1] += step;
    EXPECT_GT(left(turned), left(best));
    EXPECT_GT(left(scaled), left(best));
    EXPECT_GT(left(shifted), left(best));
  }
}

TEST(Align, only_shifts_what_has_no_direction) {
  Matrix moving(3, 2), fixed(3, 2);
  for (std::size_t i = 0; i < 3; ++i) {
    moving.row(i)[0] = 2;
    fixed.row(i)[1] = 5;
  }
  align(moving, fixed).apply(moving);
  EXPECT_LT(squares(moving, fixed), 1e-10);
  Matrix one = random_points(1, 4);
  align(one, random_points(1, 5)).apply(one);
  EXPECT_LT(squares(one, random_points(1, 5)), 1e-10);
  const Similarity none = align(Matrix(0, 2), Matrix(0, 2));
  EXPECT_EQ(none.matrix[0], 1);
  EXPECT_THROW(align(Matrix(2, 2), Matrix(3, 2)), Error);
}

}  // namespace
}  // namespace alike::map
