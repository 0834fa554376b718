#include "alike/index/codes/rabitq.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "alike/index/kernels/bit_dot.h"
#include "alike/index/kernels/packed_dot.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

constexpr Metric kMetrics[] = {Metric::cosine, Metric::inner_product, Metric::l2};
constexpr std::size_t kBits[] = {1, 4, 8};

/// The slow twin of an estimate.
double key(std::span<const float> row, std::span<const float> query, Metric metric) {
  double dot = 0, square = 0, length = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    dot += double{row[i]} * query[i];
    square += (double{row[i]} - query[i]) * (double{row[i]} - query[i]);
    length += double{row[i]} * row[i];
  }
  if (metric == Metric::l2) return square;
  return metric == Metric::inner_product || length == 0 ? -dot : -dot / std::sqrt(length);
}

struct Bounds {
  std::vector<float> lower, upper;
};

/// Of the second look where codes have more than one bit.
Bounds bounds(const Rabitq& coding, MatrixView rows, std::span<const float> query,
              double deviations) {
  const Encoded codes = coding.encode(rows.data, rows.rows);
  EXPECT_EQ(codes.codes.size(), rows.rows * Rabitq::bytes_per_row(rows.width));
  EXPECT_EQ(codes.fine.size(), rows.rows * Rabitq::fine_bytes_per_row(rows.width, coding.bits()));
  const CodeBlock block =
      coding.view(codes.codes.data(), codes.fine.data(), rows.rows, 0, rows.rows);
  const QueryCode code = coding.query(query, deviations);
  std::vector<std::int32_t> products(rows.rows);
  bit_dot()(code.planes.data(), block.signs, rows.rows, coding.words(), products.data());
  Bounds found{std::vector<float>(rows.rows), std::vector<float>(rows.rows)};
  Rabitq::bound(code, block, products.data(), found.lower.data(), found.upper.data());
  if (coding.bits() == 1) return found;
  std::vector<std::uint32_t> all(rows.rows);
  std::iota(all.begin(), all.end(), 0U);
  const Bounds first = found;
  packed_dot()(code.levels.data(), {block.signs, block.rest, coding.words(), coding.bits()},
               all.data(), all.size(), products.data());
  coding.refine(code, block, all, products.data(), found.lower.data(), found.upper.data());
  for (std::size_t r = 0; r < rows.rows; ++r) {
    EXPECT_GE(found.lower[r], first.lower[r]);
    EXPECT_LE(found.lower[r], found.upper[r]);
  }
  return found;
}

/// The bounds of the second look alone.
Bounds fine_bounds(const Rabitq& coding, MatrixView rows, std::span<const float> query,
                   double deviations) {
  const Encoded codes = coding.encode(rows.data, rows.rows);
  const CodeBlock block =
      coding.view(codes.codes.data(), codes.fine.data(), rows.rows, 0, rows.rows);
  const QueryCode code = coding.query(query, deviations);
  std::vector<std::uint32_t> all(rows.rows);
  std::iota(all.begin(), all.end(), 0U);
  std::vector<std::int32_t> products(rows.rows);
  packed_dot()(code.levels.data(), {block.signs, block.rest, coding.words(), coding.bits()},
               all.data(), all.size(), products.data());
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Bounds found{std::vector<float>(rows.rows, -kInfinity), std::vector<float>(rows.rows, kInfinity)};
  coding.refine(code, block, all, products.data(), found.lower.data(), found.upper.data());
  return found;
}

std::vector<float> unit(std::span<const float> row) {
  double square = 0;
  for (const double value : row) square += value * value;
  std::vector<float> scaled(row.begin(), row.end());
  for (float& value : scaled) value = static_cast<float>(value / std::sqrt(square));
  return scaled;
}

TEST(Rabitq, errs_as_often_as_a_normal_distribution) {
  for (const std::size_t width : {40U, 192U, 784U}) {
    const Matrix rows = test::random_matrix(1000, width, 1);
    const Matrix queries = test::random_matrix(5, width, 2);
    for (const Metric metric : kMetrics) {
      const Rabitq coding(metric, center_of(test::MatrixRows(rows, 100), metric));
      double within_one = 0, within_two = 0;
      for (std::size_t q = 0; q < 5; ++q) {
        auto query = std::vector<float>(queries.row(q).begin(), queries.row(q).end());
        if (metric == Metric::cosine) query = unit(query);
        for (const double deviations : {1.0, 2.0}) {
          const Bounds found = bounds(coding, rows, query, deviations);
          for (std::size_t r = 0; r < rows.rows(); ++r) {
            const double own = key(rows.row(r), query, metric);
            const double inside = own >= found.lower[r] && own <= found.upper[r] ? 1 : 0;
            (deviations < 1.5 ? within_one : within_two) += inside / (5.0 * 1000);
          }
        }
      }
      EXPECT_GE(within_one, 0.66) << width << ", " << name_of(metric);  // 0.683
      EXPECT_LE(within_one, 0.80);  // rows near to the query err less than the formula says
      EXPECT_GE(within_two, 0.94);  // 0.954
    }
  }
}

TEST(Rabitq, errs_less_with_every_bit_and_as_often_as_a_normal_distribution) {
  for (const std::size_t width : {64U, 192U, 784U}) {
    const Matrix rows = test::random_matrix(1000, width, 1);
    const Matrix queries = test::random_matrix(5, width, 2);
    for (const Metric metric : kMetrics) {
      double last = std::numeric_limits<double>::infinity();
      for (std::size_t bits = 2; bits <= 8; ++bits) {
        const Rabitq coding(metric, center_of(test::MatrixRows(rows, 100), metric), bits);
        double within_one = 0, within_two = 0, reach = 0;
        for (std::size_t q = 0; q < 5; ++q) {
          auto query = std::vector<float>(queries.row(q).begin(), queries.row(q).end());
          if (metric == Metric::cosine) query = unit(query);
          for (const double deviations : {1.0, 2.0}) {
            const Bounds found = fine_bounds(coding, rows, query, deviations);
            for (std::size_t r = 0; r < rows.rows(); ++r) {
              const double own = key(rows.row(r), query, metric);
              const double inside = own >= found.lower[r] && own <= found.upper[r] ? 1 : 0;
              (deviations < 1.5 ? within_one : within_two) += inside / (5.0 * 1000);
              reach += double{found.upper[r]} - found.lower[r];
            }
          }
        }
        EXPECT_GE(within_one, 0.66) << width << ", " << name_of(metric) << ", " << bits;  // 0.683
        EXPECT_LE(within_one, 0.80) << width << ", " << name_of(metric) << ", " << bits;
        EXPECT_GE(within_two, 0.94) << width << ", " << name_of(metric) << ", " << bits;  // 0.954
        EXPECT_LT(reach, 0.8 * last);
        last = reach;
      }
    }
  }
}

TEST(Rabitq, takes_a_row_at_the_centre_and_a_row_of_zeros_as_exact) {
  Matrix rows(3, 5);
  for (std::size_t i = 0; i < 5; ++i) rows.row(1)[i] = 2;  // along the centre
  rows.row(2)[4] = 1;
  const std::vector<float> center(5, 1.0F), query{1, 2, 3, 4, 5};
  for (const Metric metric : {Metric::inner_product, Metric::l2}) {
    for (const std::size_t bits : kBits) {
      const Bounds found = bounds(Rabitq(metric, center, bits), rows, query, 4);
      for (const std::size_t r : {0U, 1U}) {
        EXPECT_NEAR(found.lower[r], key(rows.row(r), query, metric), 3e-3);
        EXPECT_NEAR(found.upper[r], key(rows.row(r), query, metric), 3e-3);
      }
      EXPECT_GT(found.upper[2] - found.lower[2], bits == 1 ? 0.1 : 0.01);
    }
  }
}

TEST(Rabitq, leaves_open_what_overflows) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float largest = std::numeric_limits<float>::max();
  Matrix rows(2, 3);
  rows.row(0)[0] = rows.row(0)[1] = largest;
  rows.row(1)[0] = 1;
  const std::vector<float> center(3, 0.0F), far{largest, -largest, 0};
  for (const Metric metric : {Metric::inner_product, Metric::l2}) {
    for (const std::size_t bits : kBits) {
      const Rabitq coding(metric, center, bits);
      const Bounds found = bounds(coding, rows, std::vector<float>{1, 2, 3}, 4);
      EXPECT_LE(found.lower[0], key(rows.row(0), std::vector<float>{1, 2, 3}, metric));
      const Bounds of_far = bounds(coding, rows, far, 4);
      EXPECT_EQ(of_far.lower[0], -kInfinity);
      EXPECT_EQ(of_far.upper[0], kInfinity);
    }
  }
  EXPECT_EQ(center_of(test::MatrixRows(rows, 2), Metric::l2).size(), 3U);
}

TEST(Rabitq, gives_a_row_the_same_code_in_any_company) {
  const Matrix rows = test::random_matrix(20, 70, 3);
  const Rabitq coding(Metric::l2, std::vector<float>(70, 0.1F), 4);
  const Encoded all = coding.encode(rows.data(), 20), one = coding.encode(rows.row(7).data(), 1);
  const CodeBlock a = coding.view(all.codes.data(), all.fine.data(), 20, 7, 1);
  const CodeBlock b = coding.view(one.codes.data(), one.fine.data(), 1, 0, 1);
  EXPECT_EQ(a.along[0], b.along[0]);
  EXPECT_EQ(a.square[0], b.square[0]);
  EXPECT_EQ(a.scale[0], b.scale[0]);
  EXPECT_EQ(a.error[0], b.error[0]);
  EXPECT_EQ(a.signs[0], b.signs[0]);
  EXPECT_EQ(a.signs[1], b.signs[1]);
  EXPECT_EQ(a.fine_scale[0], b.fine_scale[0]);
  EXPECT_EQ(a.fine_error[0], b.fine_error[0]);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(a.rest[i], b.rest[i]);
  const Rabitq coarse(Metric::l2, std::vector<float>(70, 0.1F));
  EXPECT_EQ(coarse.encode(rows.data(), 20).codes, all.codes);
}

TEST(CenterOf, is_the_mean_of_the_rows_that_are_there) {
  Matrix rows(3, 2);
  rows.row(0)[0] = 3;
  rows.row(1)[1] = 100;
  rows.row(2)[0] = 1;
  test::MatrixRows source(std::move(rows), 2);
  source.dead()[1] = 1;
  EXPECT_EQ(center_of(source, Metric::l2), (std::vector<float>{2, 0}));
  EXPECT_EQ(center_of(source, Metric::cosine), (std::vector<float>{1, 0}));
  EXPECT_EQ(center_of(test::MatrixRows(Matrix(0, 2), 2), Metric::l2), (std::vector<float>{0, 0}));
}

}  // namespace
}  // namespace alike::index
