#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "alike/base/random.h"
#include "alike/index/kernels/kernels.h"

namespace alike::index {
namespace {

std::vector<Simd> levels() {
  std::vector<Simd> all;
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    if (level <= simd_level()) all.push_back(level);
  }
  return all;
}

/// The slow twin: IEEE 754 binary16 by its definition.
double value_of(Half half) {
  const int bits = static_cast<int>(half), exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent < 31) return sign * std::ldexp(1024 + fraction, exponent - 25);
  return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                       : std::numeric_limits<double>::quiet_NaN();
}

/// Bits drawn at random, up to 8 in size and some of them denormal.
std::vector<Half> halves(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Half> values(count);
  for (auto& value : values) {
    const std::size_t bits = random.below(random.below(20) == 0 ? 1024 : 18 << 10);
    value = static_cast<Half>(bits | random.below(2) << 15);
  }
  return values;
}

std::vector<float> floats(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(count);
  for (auto& value : values) value = static_cast<float>(2 * random.uniform() - 1);
  return values;
}

TEST(HalfKernels, widen_every_number_exactly_at_any_length) {
  std::vector<Half> all(65536);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Half>(i);
  for (const Simd level : levels()) {
    for (const std::size_t count : {65536U, 0U, 1U, 15U, 17U, 1300U}) {
      std::vector<float> out(count + 1, -1.0F);
      const std::size_t first = count == all.size() ? 0 : 1000;
      kernels(level).widen(all.data() + first, count, out.data());
      for (std::size_t i = 0; i < count; ++i) {
        const double value = value_of(all[first + i]);
        ASSERT_TRUE(std::isnan(value) ? std::isnan(out[i]) : static_cast<double>(out[i]) == value)
            << name_of(level) << ", " << i;
      }
      EXPECT_EQ(out[count], -1.0F);
    }
  }
}

TEST(HalfKernels, take_each_of_the_65536_numbers_as_what_it_is) {
  const float one = 1;
  for (const Simd level : levels()) {
    for (int bits = 0; bits < 65536; ++bits) {
      const auto half = static_cast<Half>(bits);
      float out = 0;
      kernels(level).dot_half_rows(&one, &half, 1, 1, &out, nullptr);
      const double value = value_of(half);
      ASSERT_EQ(std::isnan(out), std::isnan(value)) << bits;
      if (!std::isnan(value)) {
        ASSERT_EQ(static_cast<double>(out), value) << bits;
      }
    }
  }
}

TEST(HalfKernels, agree_with_doubles_at_every_width_and_alignment) {
  const auto a = floats(1310, 1);
  const auto b = halves(2 * 1310, 2);
  for (const Simd level : levels()) {
    for (std::size_t width = 0; width <= 1300; ++width) {
      const float* query = a.data() + width % 7;
      const Half* rows = b.data() + width % 5;
      float dots[2], same[2], norms[2], squares[2];
      kernels(level).dot_half_rows(query, rows, 2, width, dots, norms);
      kernels(level).dot_half_rows(query, rows, 2, width, same, nullptr);
      kernels(level).l2_squared_half_rows(query, rows, 2, width, squares);
      for (std::size_t r = 0; r < 2; ++r, rows += width) {
        double dot = 0, size = 0, norm = 0, square = 0;
        for (std::size_t i = 0; i < width; ++i) {
          const double x = query[i], y = value_of(rows[i]);
          dot += x * y;
          size += std::abs(x * y);
          norm += y * y;
          square += (x - y) * (x - y);
        }
        const double share = (static_cast<double>(width) + 2) * 0x1p-24;
        EXPECT_NEAR(dots[r], dot, share * size);
        EXPECT_EQ(same[r], dots[r]);
        EXPECT_NEAR(norms[r], norm, share * norm);
        EXPECT_NEAR(squares[r], square, 3 * share * square);
      }
    }
  }
}

TEST(HalfKernels, pass_on_infinities_and_what_is_not_a_number) {
  const auto query = floats(200, 3);
  const auto row = halves(200, 4);
  for (const unsigned bad : {0x7c00U, 0xfc00U, 0x7e00U, 0xfc01U}) {
    for (const std::size_t width : {1U, 5U, 16U, 64U, 83U, 130U}) {
      for (const std::size_t at : {std::size_t{0}, width / 2, width - 1}) {
        auto some = row;
        some[at] = static_cast<Half>(bad);
        const double number = value_of(some[at]);
        for (const Simd level : levels()) {
          float dot = 0, norm = 0, square = 0;
          kernels(level).dot_half_rows(query.data(), some.data(), 1, width, &dot, &norm);
          kernels(level).l2_squared_half_rows(query.data(), some.data(), 1, width, &square);
          EXPECT_EQ(std::isnan(dot), std::isnan(number));
          EXPECT_EQ(std::isnan(norm), std::isnan(number));
          EXPECT_EQ(std::isnan(square), std::isnan(number));
          if (!std::isnan(number)) {
            EXPECT_EQ(dot, static_cast<float>(number * query[at]));
            EXPECT_EQ(norm, std::numeric_limits<float>::infinity());
            EXPECT_EQ(square, std::numeric_limits<float>::infinity());
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace alike::index
