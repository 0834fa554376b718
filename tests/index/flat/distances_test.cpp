#include "alike/index/flat/distances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "alike/index/flat/flat.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::MatrixRows;

/// 1 − cosine, by long doubles.
long double cosine_distance(std::span<const float> a, std::span<const float> b) {
  long double aa = 0, bb = 0, sum = 0;
  for (const long double x : a) aa += x * x;
  for (const long double x : b) bb += x * x;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const long double d = a[i] / std::sqrt(aa) - b[i] / std::sqrt(bb);
    sum += d * d;
  }
  return sum / 2;
}

/// Copies of one row, each a little farther from it than the one before, in a mixed order.
Matrix near_copies(std::size_t count, std::size_t width, float step) {
  const Matrix base = test::random_matrix(2, width, 4);
  Matrix rows(count, width);
  for (std::size_t r = 0; r < count; ++r) {
    const auto away = static_cast<float>((r * 7) % count) * step;
    for (std::size_t i = 0; i < width; ++i) rows.row(r)[i] = base.row(0)[i] + away * base.row(1)[i];
  }
  return rows;
}

TEST(DistancesTest, near_copies_under_cosine_come_in_the_order_of_their_true_distance) {
  for (const float step : {3e-7F, 1e-6F, 1e-4F}) {
    const auto source = std::make_shared<MatrixRows>(near_copies(50, 64, step), 16);
    const Flat flat(source, Metric::cosine);
    const auto query = test::random_matrix(2, 64, 4);
    for (const std::size_t queries :
         {std::size_t{1}, std::size_t{40}}) {  // one by one, and filtered
      Matrix many(queries, 64);
      for (std::size_t q = 0; q < queries; ++q)
        std::ranges::copy(query.row(0), many.row(q).begin());
      const auto found = flat.search_batch(many, {.k = 50}).back().neighbors;
      ASSERT_EQ(found.size(), 50U);
      long double before = -1;
      for (const auto& [id, distance] : found) {
        const auto truth =
            cosine_distance(query.row(0), source->rows().row(static_cast<std::size_t>(id)));
        EXPECT_NEAR(distance, static_cast<double>(truth),
                    1e-6 * static_cast<double>(truth) + 1e-30);
        EXPECT_GE(truth, before * (1 - 1e-9L));
        before = truth;
      }
    }
  }
}

TEST(DistancesTest, lengths_whose_squares_are_no_floats_have_their_distance) {
  for (const float length : {1e-44F, 1e-30F, 1e-22F, 1e20F, 3e36F}) {
    Matrix rows = test::random_matrix(20, 8, 6);
    for (std::size_t i = 0; i < 20 * 8; ++i) rows.data()[i] *= length;
    const Matrix some = rows;
    const auto source = std::make_shared<MatrixRows>(rows, 7);
    for (const Metric metric : {Metric::cosine, Metric::l2}) {
      const auto found = Flat(source, metric).search(some.row(3), {.k = 20}).neighbors;
      EXPECT_EQ(found.front().id, 3);
      EXPECT_EQ(found.front().distance, 0);
      for (const auto& [id, distance] : found) {
        const auto row = some.row(static_cast<std::size_t>(id));
        double square = 0;
        for (std::size_t i = 0; i < 8; ++i)
          square += std::pow(double{row[i]} - double{some.row(3)[i]}, 2);
        const double truth = metric == Metric::l2
                                 ? std::sqrt(square)
                                 : static_cast<double>(cosine_distance(some.row(3), row));
        if (id == 3) continue;
        EXPECT_NEAR(distance / truth, 1, length < 1e-40F ? 0.2 : 1e-5) << length;
      }
    }
  }
}

TEST(DistancesTest, a_row_of_zeros_is_at_right_angles_to_all) {
  Matrix rows = test::random_matrix(5, 8, 6);
  std::ranges::fill(rows.row(2), 0.0F);
  const auto source = std::make_shared<MatrixRows>(rows, 5);
  const auto found =
      Flat(source, Metric::cosine).search(test::random_matrix(1, 8, 9).row(0), {.k = 5}).neighbors;
  const auto zeros = std::ranges::find(found, 2, &Neighbor::id);
  ASSERT_NE(zeros, found.end());
  EXPECT_EQ(zeros->distance, 1);
}

}  // namespace
}  // namespace alike::index
