#include "alike/index/flat/half_flat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "alike/base/error.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::MatrixRows;
using test::random_matrix;

constexpr Metric kMetrics[] = {Metric::cosine, Metric::inner_product, Metric::l2};

float widened(Half half) {
  float value = 0;
  kernels(Simd::scalar).widen(&half, 1, &value);
  return value;
}

/// Rows of numbers that half precision has.
Matrix rounded(Matrix rows) {
  for (std::size_t i = 0; i < rows.rows() * rows.width(); ++i) {
    rows.data()[i] = widened(half_of(rows.data()[i]));
  }
  return rows;
}

TEST(HalfOf, is_the_inverse_of_widening_for_every_number) {
  for (int bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<Half>(bits);
    const float value = widened(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(widened(half_of(value))));
    } else {
      ASSERT_EQ(half_of(value), half) << bits;
    }
  }
}

TEST(HalfOf, takes_the_nearer_number_and_of_two_the_even_one) {
  for (int bits = 0; bits < 0x7bff; ++bits) {  // all neighbours that are finite
    const auto below = static_cast<Half>(bits), above = static_cast<Half>(bits + 1);
    const float middle = (widened(below) + widened(above)) / 2;
    ASSERT_EQ(half_of(middle), bits % 2 == 0 ? below : above) << bits;
    ASSERT_EQ(half_of(std::nextafter(middle, 0.0F)), below) << bits;
    ASSERT_EQ(half_of(std::nextafter(middle, 1e9F)), above) << bits;
    ASSERT_EQ(half_of(-middle), static_cast<Half>((bits % 2 == 0 ? bits : bits + 1) | 0x8000));
  }
  EXPECT_EQ(half_of(65519.996F), static_cast<Half>(0x7bff));
  EXPECT_EQ(half_of(65520.0F), static_cast<Half>(0x7c00));
  EXPECT_EQ(half_of(-std::numeric_limits<float>::infinity()), static_cast<Half>(0xfc00));
}

TEST(HalfFlat, answers_as_flat_does_over_the_rows_that_it_keeps) {
  for (const std::size_t width : {1U, 7U, 33U, 130U}) {
    const Matrix rows = random_matrix(3000, width, width);
    const auto kept = std::make_shared<MatrixRows>(rounded(rows), 61);
    const Matrix queries = random_matrix(40, width, 3);
    for (const Metric metric : kMetrics) {
      const HalfFlat half(MatrixRows(rows, 100), metric);
      const auto truth = Flat(kept, metric).search_batch(queries, {});
      const auto batch = half.search_batch(queries, {.threads = 2});
      for (std::size_t q = 0; q < queries.rows(); ++q) {
        const auto alone = half.search(queries.row(q), {.threads = 3});
        EXPECT_EQ(alone.neighbors, truth[q].neighbors) << width << ", " << name_of(metric);
        EXPECT_EQ(batch[q].neighbors, truth[q].neighbors) << width << ", " << name_of(metric);
        EXPECT_EQ(alone.rows_read, 3000U);
      }
    }
  }
}

TEST(HalfFlat, finds_nearly_all_neighbours_of_the_rows_it_was_given) {
  const auto rows = std::make_shared<MatrixRows>(random_matrix(4000, 96, 1), 100);
  const Matrix queries = random_matrix(50, 96, 2);
  for (const Metric metric : kMetrics) {
    const auto truth = Flat(rows, metric).search_batch(queries, {});
    const auto found = HalfFlat(*rows, metric).search_batch(queries, {});
    std::size_t missed = 0;
    for (std::size_t q = 0; q < queries.rows(); ++q) {
      for (const Neighbor& neighbor : truth[q].neighbors) {
        const auto same = [&](const Neighbor& other) { return other.id == neighbor.id; };
        missed += std::ranges::none_of(found[q].neighbors, same) ? 1U : 0U;
      }
    }
    EXPECT_LE(missed, 5U) << name_of(metric);  // of 500
  }
}

TEST(HalfFlat, leaves_out_dead_rows_and_those_the_filter_refuses) {
  const auto rows = std::make_shared<MatrixRows>(rounded(random_matrix(2000, 20, 4)), 61);
  for (std::size_t r = 0; r < 2000; r += 3) rows->dead()[r] = 1;
  const Matrix queries = random_matrix(20, 20, 5);
  const HalfFlat half(*rows, Metric::l2);
  EXPECT_EQ(half.size(), 2000U - 667U);
  for (const std::int64_t step : {1, 2, 50, 5000}) {
    const SearchOptions options{.filter = [&](std::int64_t id) { return id % step == 1 % step; }};
    const auto truth = Flat(rows, Metric::l2).search_batch(queries, options);
    const auto batch = half.search_batch(queries, options);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
      EXPECT_EQ(batch[q].neighbors, truth[q].neighbors) << step;
      EXPECT_EQ(half.search(queries.row(q), options).neighbors, truth[q].neighbors) << step;
    }
  }
  const auto near = half.search(queries.row(0), {.k = 50}).neighbors;
  EXPECT_EQ(half.search(queries.row(0), {.k = 2000, .within = near.back().distance}).neighbors,
            near);
}

TEST(HalfFlat, refuses_what_half_precision_does_not_have_and_bad_queries) {
  Matrix rows(3, 2);
  rows.row(2)[1] = -65520;
  EXPECT_THROW(HalfFlat(MatrixRows(rows, 2), Metric::l2), Error);
  rows.row(2)[1] = -65519;
  const HalfFlat half(MatrixRows(rows, 2), Metric::l2);
  EXPECT_EQ(half.size(), 3U);
  EXPECT_THROW(half.search(std::vector<float>(3), {}), Error);
  EXPECT_THROW(half.search(std::vector<float>(2), {.k = 0}), Error);
  const HalfFlat nothing(MatrixRows(Matrix(0, 2), 2), Metric::l2);
  EXPECT_TRUE(nothing.search(std::vector<float>(2), {}).neighbors.empty());
}

}  // namespace
}  // namespace alike::index
