#include "alike/index/kernels/kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
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

/// Largest rounding error; the second part where numbers are too small for all their digits.
double allowed(std::size_t width, double size) {
  return (static_cast<double>(width) + 2) * (0x1p-24 * size + 0x1p-149);
}

void expect_agreement(const Kernels& table, const float* x, const float* y, std::size_t width) {
  const Truth truth(x, y, width);
  EXPECT_NEAR(table.dot(x, y, width), truth.dot, allowed(width, truth.dot_size));
  EXPECT_NEAR(table.l2_squared(x, y, width), truth.l2, 3 * allowed(width, truth.l2));
}

TEST(Kernels, agree_with_doubles_at_every_width_and_alignment) {
  const auto a = numbers(1400, 1), b = numbers(1400, 2);
  for (const Simd level : levels()) {
    for (std::size_t width = 0; width <= 1300; ++width) {
      expect_agreement(kernels(level), a.data() + width % 7, b.data() + width % 5, width);
    }
  }
}

TEST(Kernels, agree_with_doubles_on_numbers_of_any_size) {
  for (const float size : {0x1p-145F, 0x1p-126F, 0x1p-75F, 0x1p-60F, 0x1p55F}) {
    auto a = numbers(1400, 5), b = numbers(1400, 6);
    for (auto& value : a) value *= size;
    for (auto& value : b) value *= size;
    for (const Simd level : levels()) {
      for (const std::size_t width : {1U, 16U, 17U, 64U, 100U, 784U, 1300U}) {
        expect_agreement(kernels(level), a.data(), b.data(), width);
      }
    }
  }
}

/// The same number, up to rounding where it is one.
void expect_same_kind(float a, float b) {
  EXPECT_EQ(std::isnan(a), std::isnan(b));
  if (std::isinf(a) || std::isinf(b)) {
    EXPECT_EQ(a, b);
  }
}

TEST(Kernels, pass_on_infinities_and_what_is_not_a_number) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto ones = numbers(200, 7);
  for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(), 3e38F}) {
    for (const std::size_t width : {1U, 5U, 16U, 64U, 83U, 130U}) {
      for (const std::size_t at : {std::size_t{0}, width / 2, width - 1}) {
        auto a = ones;
        a[at] = bad;
        for (const Simd level : levels()) {
          const Kernels &table = kernels(level), &plain = kernels(Simd::scalar);
          for (const auto& b : {ones, a}) {
            expect_same_kind(table.dot(a.data(), b.data(), width),
                             plain.dot(a.data(), b.data(), width));
            expect_same_kind(table.l2_squared(a.data(), b.data(), width),
                             plain.l2_squared(a.data(), b.data(), width));
          }
        }
      }
    }
  }
}

TEST(Kernels, of_rows_give_what_those_of_pairs_give) {
  const auto values = numbers(12 * 1300 + 1, 3);
  for (const Simd level : levels()) {
    const Kernels& table = kernels(level);
    for (std::size_t width = 0; width <= 1300; width += width < 140 ? 1 : 29) {
      const float *query = values.data() + 1, *rows = query + width;
      float dots[11], same[11], norms[11], squares[11];
      table.dot_rows(query, rows, 11, width, dots, norms);
      table.dot_rows(query, rows, 11, width, same, nullptr);
      table.l2_squared_rows(query, rows, 11, width, squares);
      for (std::size_t r = 0; r < 11; ++r) {
        const float* row = rows + r * width;
        EXPECT_EQ(dots[r], table.dot(query, row, width));
        EXPECT_EQ(same[r], dots[r]);
        EXPECT_EQ(norms[r], table.dot(row, row, width));
        EXPECT_EQ(squares[r], table.l2_squared(query, row, width));
      }
    }
  }
}

TEST(Kernels, of_panels_agree_with_doubles_at_every_shape) {
  const auto values = numbers((kPanelQueries + 30) * 1300 + 1, 4);
  for (const Simd level : levels()) {
    for (const std::size_t width : {0U, 1U, 7U, 16U, 43U, 130U, 1300U}) {
      for (const std::size_t row_count : {0U, 1U, 3U, 4U, 7U, 11U, 12U, 14U, 29U}) {
        const float *panel = values.data() + 1, *rows = panel + kPanelQueries * width;
        std::vector<float> out(row_count * kPanelQueries + 1, 77);
        kernels(level).dot_panel(panel, rows, row_count, width, out.data());
        EXPECT_EQ(out.back(), 77);  // nothing written behind
        for (std::size_t i = 0; i + 1 < out.size(); ++i) {
          std::vector<float> query(width);
          for (std::size_t j = 0; j < width; ++j) {
            query[j] = panel[j * kPanelQueries + i % kPanelQueries];
          }
          const Truth truth(query.data(), rows + i / kPanelQueries * width, width);
          EXPECT_NEAR(out[i], truth.dot, allowed(width, truth.dot_size));
        }
      }
    }
  }
}

/// Of any size, half of them with few digits, so that sums end halfway between two floats.
float awkward(Random& random) {
  const int exponent = static_cast<int>(random.below(300)) - 150;
  const double value = random.below(2) == 0 ? 2 * random.uniform() - 1
                                            : (static_cast<double>(random.below(9)) - 4) / 4;
  return static_cast<float>(std::ldexp(value, random.below(4) == 0 ? exponent : exponent % 14));
}

TEST(Kernels, of_panels_are_chains_of_multiply_adds_at_every_level) {
  constexpr std::size_t kWidth = 24, kRows = 3;
  Random random(6);
  for (int round = 0; round < 3000; ++round) {
    std::vector<float> panel(kPanelQueries * kWidth), rows(kRows * kWidth);
    for (float& value : panel) value = awkward(random);
    for (float& value : rows) value = awkward(random);
    std::vector<float> truth(kRows * kPanelQueries);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      for (std::size_t j = 0; j < kWidth; ++j) {
        truth[i] = std::fma(panel[j * kPanelQueries + i % kPanelQueries],
                            rows[i / kPanelQueries * kWidth + j], truth[i]);
      }
    }
    for (const Simd level : levels()) {
      std::vector<float> out(truth.size());
      kernels(level).dot_panel(panel.data(), rows.data(), kRows, kWidth, out.data());
      for (std::size_t i = 0; i < out.size(); ++i) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(out[i]), std::bit_cast<std::uint32_t>(truth[i]))
            << out[i] << " " << truth[i] << " round " << round;
      }
    }
  }
}

}  // namespace
}  // namespace alike::index
