#include "alike/measure/placed_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

double distance(const Matrix& rows, std::size_t a, std::size_t b) {
  double square = 0;
  for (std::size_t j = 0; j < rows.width(); ++j) {
    square += std::pow(double{rows.row(a)[j]} - double{rows.row(b)[j]}, 2);
  }
  return std::sqrt(square);
}

TEST(PlacedRows, unit_rows_have_length_1_and_zeros_stay) {
  Matrix rows = test::random_matrix(4, 7, 1);
  for (float& value : rows.row(0)) value *= 1e30F;  // whose square is no float
  for (float& value : rows.row(2)) value = 0;
  const Matrix unit = unit_rows(rows);
  for (const std::size_t r : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    double square = 0;
    for (const float value : unit.row(r)) square += double{value} * double{value};
    EXPECT_NEAR(square, 1, 1e-6);
    EXPECT_GT(unit.row(r)[0] * rows.row(r)[0], 0);
  }
  for (const float value : unit.row(2)) EXPECT_EQ(value, 0);
}

TEST(PlacedRows, centered_rows_keep_their_distances_and_have_no_mean) {
  Matrix rows = test::random_matrix(50, 5, 2);
  for (std::size_t r = 0; r < 50; ++r) rows.row(r)[1] += 1000;
  const Matrix centered = centered_rows(rows);
  for (std::size_t r = 1; r < 50; ++r) {
    EXPECT_NEAR(distance(centered, 0, r), distance(rows, 0, r), 1e-5);
  }
  for (std::size_t j = 0; j < 5; ++j) {
    double sum = 0;
    for (std::size_t r = 0; r < 50; ++r) sum += double{centered.row(r)[j]};
    EXPECT_NEAR(sum / 50, 0, 1e-5);
  }
}

}  // namespace
}  // namespace alike::measure
