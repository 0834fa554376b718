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

TEST(Kernels, of_rows_equal_kernels_of_pairs) {
  const std::size_t count = 13, width = 43;
  const auto query = numbers(width, 3), rows = numbers(count * width, 4);
  for (const Simd level : levels()) {
    const Kernels& table = kernels(level);
    std::vector<float> dots(count), norms(count), squares(count), alone(count);
    table.dot_rows(query.data(), rows.data(), count, width, dots.data(), norms.data());
    table.dot_rows(query.data(), rows.data(), count, width, alone.data(), nullptr);
    table.l2_squared_rows(query.data(), rows.data(), count, width, squares.data());
    EXPECT_EQ(dots, alone);
    for (std::size_t r = 0; r < count; ++r) {
      const float* row = rows.data() + r * width;
      EXPECT_EQ(dots[r], table.dot(query.data(), row, width));
      EXPECT_EQ(norms[r], table.dot(row, row, width));
      EXPECT_EQ(squares[r], table.l2_squared(query.data(), row, width));
    }
  }
}

}  // namespace
}  // namespace alike::index
