#include "alike/index/flat/batch_prefilter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr Metric kMetrics[] = {Metric::cosine, Metric::inner_product, Metric::l2};

/// Filters every pair with its own distance as the limit, at which none may be lost, and with one a
/// little nearer. Returns the share that the second excludes.
double prefilter(Metric metric, const Matrix& queries, const Matrix& rows, float share,
                 const BytePanel* bytes) {
  const Distances distances(metric, queries);
  const BatchPrefilter prefilter(distances, queries.rows(), bytes);
  BatchPrefilter::Scratch scratch;
  Distances::Scratch measured;
  prefilter.weigh(rows.data(), rows.rows(), scratch);
  double excluded = 0;
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    if (q % kPanelQueries == 0) prefilter.values(q / kPanelQueries, rows.data(), scratch);
    measured.scales.clear();
    distances.measure(q, rows.data(), rows.rows(), measured);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const float value = scratch.values[r * kPanelQueries + q % kPanelQueries];
      const float distance = measured.distances[r];
      EXPECT_FALSE(value < prefilter.threshold(q, distance)) << "query " << q << ", row " << r;
      EXPECT_FALSE(value < prefilter.threshold(q, kInfinity));
      const float nearer = distance - share * (1 + std::abs(distance));
      excluded += value < prefilter.threshold(q, nearer) ? 1 : 0;
    }
  }
  return excluded / static_cast<double>(queries.rows() * rows.rows());
}

/// As above, by floats and by bytes where there are any.
void prefilter(Metric metric, const Matrix& queries, const Matrix& rows) {
  prefilter(metric, queries, rows, 0, nullptr);
  prefilter(metric, queries, rows, 0, byte_panel());
}

Matrix scaled(Matrix matrix, float size) {
  for (std::size_t i = 0; i < matrix.rows() * matrix.width(); ++i) matrix.data()[i] *= size;
  return matrix;
}

TEST(BatchPrefilter, loses_no_pair_and_excludes_those_a_little_farther) {
  for (const Metric metric : kMetrics) {
    for (const std::size_t width : {1U, 2U, 7U, 33U, 260U}) {
      const Matrix queries = test::random_matrix(70, width, 1);
      const Matrix rows = test::random_matrix(50, width, 2 + width);
      EXPECT_GT(prefilter(metric, queries, rows, 0.02F, nullptr), 0.9)
          << name_of(metric) << ' ' << width;
      if (byte_panel() == nullptr || width < 33) continue;
      EXPECT_GT(prefilter(metric, queries, rows, 0.6F, byte_panel()), 0.8)
          << name_of(metric) << ' ' << width << ", bytes";
    }
  }
}

TEST(BatchPrefilter, loses_no_pair_of_rows_that_lie_close_together_far_from_zero) {
  for (const Metric metric : kMetrics) {
    for (const std::size_t width : {3U, 100U}) {
      Matrix queries = test::random_matrix(20, width, 3), rows = test::random_matrix(50, width, 4);
      for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t q = 0; q < 20; ++q) queries.row(q)[i] += 10000;
        for (std::size_t r = 0; r < 50; ++r) rows.row(r)[i] += 10000;
      }
      prefilter(metric, queries, rows);
    }
  }
}

TEST(BatchPrefilter, loses_no_pair_of_numbers_near_the_ends_of_float) {
  for (const Metric metric : kMetrics) {
    for (const std::size_t width : {9U, 40U}) {
      for (const float of_queries :
           {0x1p-145F, 0x1p-75F, 0x1p-60F, 1.0F, 0x1p61F, 0x1p64F, 0x1p126F}) {
        for (const float of_rows :
             {0x1p-145F, 0x1p-75F, 0x1p-60F, 1.0F, 0x1p61F, 0x1p64F, 0x1p126F}) {
          SCOPED_TRACE(std::string(name_of(metric)) + ", queries of " + std::to_string(of_queries) +
                       ", rows of " + std::to_string(of_rows));
          prefilter(metric, scaled(test::random_matrix(10, width, 5), of_queries),
                    scaled(test::random_matrix(20, width, 6), of_rows));
        }
      }
    }
  }
}

TEST(BatchPrefilter, loses_no_pair_of_zeros_infinities_and_what_is_not_a_number) {
  for (const std::size_t width : {6U, 50U}) {
    Matrix queries = test::random_matrix(4, width, 7), rows = test::random_matrix(5, width, 8);
    for (float& value : queries.row(1)) value = 0;
    for (float& value : rows.row(1)) value = 0;
    rows.row(2)[3] = kInfinity;
    rows.row(3)[5] = std::numeric_limits<float>::quiet_NaN();
    for (const Metric metric : kMetrics) prefilter(metric, queries, rows);
  }
}

}  // namespace
}  // namespace alike::index
