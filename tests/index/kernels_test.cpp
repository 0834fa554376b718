#include "alike/index/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "alike/base/random.h"

namespace alike::index {
namespace {

std::vector<Simd> levels() {
  std::vector<Simd> all;
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    if (level <= simd_level()) all.push_back(level);
  }
  return all;
}

std::vector<float> numbers(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(count);
  for (auto& value : values) value = static_cast<float>(2 * random.uniform() - 1);
  return values;
}

/// The slow twins, and the size of the sum that rounding scales with.
struct Truth {
  double dot = 0, l2 = 0, dot_size = 0;
  Truth(const float* a, const float* b, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
      const double x = a[i], y = b[i];
      dot += x * y;
      dot_size += std::abs(x * y);
      l2 += (x - y) * (x - y);
    }
  }
};

double allowed(std::size_t width, double size) {
  return (static_cast<double>(width) + 2) * 0x1p-24 * size + 1e-30;
}

TEST(Kernels, agree_with_doubles_at_every_width_and_alignment) {
  const auto a = numbers(1400, 1), b = numbers(1400, 2);
  for (const Simd level : levels()) {
    const Kernels& table = kernels(level);
    for (std::size_t width = 0; width < 1300; width += width < 140 ? 1 : 97) {
      const float* x = a.data() + width % 7;
      const float* y = b.data() + width % 5;
      const Truth truth(x, y, width);
      EXPECT_NEAR(table.dot(x, y, width), truth.dot, allowed(width, truth.dot_size));
      EXPECT_NEAR(table.l2_squared(x, y, width), truth.l2, 3 * allowed(width, truth.l2));
    }
  }
}

TEST(Kernels, of_tiles_agree_with_doubles_at_every_shape) {
  const auto values = numbers(50000, 3);
  for (const Simd level : levels()) {
    const Kernels& table = kernels(level);
    for (const std::size_t width : {1U, 7U, 8U, 16U, 43U, 130U, 2048U, 2049U}) {
      for (const std::size_t query_count : {1U, 3U, 4U, 6U}) {
        const std::size_t row_count = 14;
        const float* queries = values.data() + 1;
        const float* rows = queries + query_count * width;
        std::vector<float> dots(query_count * row_count), squares(dots.size()), norms(row_count);
        table.dot_tile(queries, query_count, rows, row_count, width, dots.data(), norms.data());
        table.l2_squared_tile(queries, query_count, rows, row_count, width, squares.data());
        for (std::size_t i = 0; i < dots.size(); ++i) {
          const float* row = rows + i % row_count * width;
          const Truth truth(queries + i / row_count * width, row, width), own(row, row, width);
          EXPECT_NEAR(dots[i], truth.dot, allowed(width, truth.dot_size));
          EXPECT_NEAR(squares[i], truth.l2, 3 * allowed(width, truth.l2));
          EXPECT_NEAR(norms[i % row_count], own.dot, allowed(width, own.dot_size));
        }
      }
    }
  }
}

TEST(Kernels, give_a_pair_the_same_number_in_every_tile) {
  const std::size_t queries = 7, rows = 11, width = 2100;
  const auto values = numbers((queries + rows) * width, 4);
  const float* row = values.data() + queries * width;
  for (const Simd level : levels()) {
    const Kernels& table = kernels(level);
    std::vector<float> dots(queries * rows), squares(queries * rows), norms(rows);
    table.dot_tile(values.data(), queries, row, rows, width, dots.data(), norms.data());
    table.l2_squared_tile(values.data(), queries, row, rows, width, squares.data());
    for (std::size_t i = 0; i < queries * rows; ++i) {
      const float* a = values.data() + i / rows * width;
      const float* b = row + i % rows * width;
      float dot = 0, norm = 0, square = 0;
      table.dot_tile(a, 1, b, 1, width, &dot, &norm);
      table.l2_squared_tile(a, 1, b, 1, width, &square);
      EXPECT_EQ(dots[i], dot);
      EXPECT_EQ(norms[i % rows], norm);
      EXPECT_EQ(squares[i], square);
    }
  }
}

}  // namespace
}  // namespace alike::index
