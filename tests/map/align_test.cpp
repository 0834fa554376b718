#include "alike/map/align.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "alike/base/error.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

std::vector<SharedPoint> pairs(std::uint32_t count) {
  std::vector<SharedPoint> shared;
  for (std::uint32_t i = 0; i < count; ++i) shared.push_back({i, i});
  return shared;
}

/// x → factor · turned (or mirrored) x + shift.
Matrix moved(MatrixView points, bool mirrored) {
  Matrix out(points.rows, 2);
  for (std::size_t i = 0; i < points.rows; ++i) {
    const float x = points.row(i)[0], y = mirrored ? -points.row(i)[1] : points.row(i)[1];
    out.row(i)[0] = 3 * (0.6F * x - 0.8F * y) + 5;
    out.row(i)[1] = 3 * (0.8F * x + 0.6F * y) - 7;
  }
  return out;
}

double misfit(MatrixView a, MatrixView b, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < 2 * count; ++i) {
    const double step = static_cast<double>(a.data[i]) - static_cast<double>(b.data[i]);
    sum += step * step;
  }
  return sum;
}

TEST(Align, UndoesTurnMirrorScaleAndShift) {
  const Matrix points = test::random_matrix(40, 2, 1);
  for (const bool mirrored : {false, true}) {
    const Matrix onto = moved(points, mirrored);
    // Six shared points are enough for the others to follow.
    EXPECT_LT(misfit(align(points, onto, pairs(6)), onto, 40), 1e-8);
  }
}

TEST(Align, IsBestAmongNearbyMotions) {
  const Matrix points = test::random_matrix(30, 2, 2), onto = test::random_matrix(30, 2, 3);
  const Matrix best = align(points, onto, pairs(30));
  const double least = misfit(best, onto, 30);
  for (int step = 0; step < 4; ++step) {
    for (const float by : {-0.02F, 0.02F}) {
      Matrix other = best;
      for (std::size_t i = 0; i < 30; ++i) {
        const float x = best.row(i)[0], y = best.row(i)[1];
        if (step == 0) other.row(i)[0] = x + by;
        if (step == 1) other.row(i)[1] = y + by;
        if (step == 2) other.row(i)[0] = x - by * y, other.row(i)[1] = y + by * x;
        if (step == 3) other.row(i)[0] = x + by * x, other.row(i)[1] = y + by * y;
      }
      EXPECT_GE(misfit(other, onto, 30), least) << step;
    }
  }
}

TEST(Align, PairsByPlace) {
  const Matrix points = test::random_matrix(5, 2, 4);
  Matrix onto(3, 2);
  const std::vector<SharedPoint> shared{{4, 0}, {1, 2}, {2, 1}};
  for (const auto& pair : shared) {
    for (std::size_t axis : {0U, 1U}) onto.row(pair.onto)[axis] = 2 * points.row(pair.place)[axis];
  }
  const Matrix made = align(points, onto, shared);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(made.data()[i], 2 * points.data()[i], 1e-5);
}

TEST(Align, StandsLittleToGoBy) {
  const Matrix points = test::random_matrix(10, 2, 5), onto = test::random_matrix(10, 2, 6);
  EXPECT_EQ(misfit(align(points, onto, {}), points, 10), 0);
  const Matrix shifted = align(points, onto, pairs(1));
  EXPECT_NEAR(shifted.row(0)[0], onto.row(0)[0], 1e-6);
  EXPECT_NEAR(shifted.row(3)[0] - shifted.row(0)[0], points.row(3)[0] - points.row(0)[0], 1e-5);
  // All fellows in one place would shrink the map to a point.
  const Matrix whole = align(points, Matrix(10, 2), pairs(10));
  EXPECT_NEAR(whole.row(3)[1] - whole.row(0)[1], points.row(3)[1] - points.row(0)[1], 1e-5);
  Matrix line(10, 2);
  for (std::size_t i = 0; i < 10; ++i) line.row(i)[0] = static_cast<float>(i);
  const Matrix turned = moved(line, false);
  EXPECT_LT(misfit(align(line, turned, pairs(10)), turned, 10), 1e-8);
  EXPECT_LT(misfit(align(line, turned, pairs(2)), turned, 10), 1e-8);
}

TEST(Align, RefusesWhatDoesNotFit) {
  const Matrix points(4, 2);
  EXPECT_THROW(align(Matrix(4, 3), points, {}), Error);
  const std::vector<SharedPoint> beyond{{0, 4}};
  EXPECT_THROW(align(points, points, beyond), Error);
}

}  // namespace
}  // namespace alike::map
