#include "alike/index/kernels/bit_dot.h"

#include <gtest/gtest.h>

#include <vector>

#include "alike/base/random.h"

namespace alike::index {
namespace {

std::vector<std::uint64_t> bits(std::size_t words, std::uint64_t seed) {
  std::vector<std::uint64_t> all(words);
  for (std::size_t i = 0; i < words; ++i) all[i] = random_bits(seed, i);
  return all;
}

/// The slow twin: number by number.
std::int32_t product(const std::vector<std::uint64_t>& planes, const std::uint64_t* row,
                     std::size_t words) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < 64 * words; ++i) {
    if ((row[i / 64] >> (i % 64) & 1) == 0) continue;
    std::int32_t value = 0;
    for (std::size_t p = 0; p < kQueryBits; ++p) {
      const auto bit = static_cast<std::int32_t>(planes[p * words + i / 64] >> (i % 64) & 1);
      value += p + 1 == kQueryBits ? -(bit << p) : bit << p;
    }
    sum += value;
  }
  return sum;
}

TEST(BitDot, is_exact_at_every_level_width_and_row_count) {
  for (std::size_t words = 1; words <= 21; ++words) {  // widths to 1,344
    const auto planes = bits(kQueryBits * words, words);
    for (const std::size_t rows : {1U, 3U, 4U, 9U}) {
      const auto codes = bits(rows * words, 100 + words);
      for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
        if (level > simd_level()) continue;
        std::vector<std::int32_t> out(rows);
        bit_dot(level)(planes.data(), codes.data(), rows, words, out.data());
        for (std::size_t r = 0; r < rows; ++r) {
          EXPECT_EQ(out[r], product(planes, codes.data() + r * words, words))
              << name_of(level) << ", " << words << " words";
        }
      }
    }
  }
}

TEST(BitDot, does_not_overflow_on_the_widest_rows) {
  const std::size_t words = 2000;
  std::vector<std::uint64_t> planes(kQueryBits * words), row(words, ~std::uint64_t{0});
  std::fill(planes.end() - static_cast<std::ptrdiff_t>(words), planes.end(), ~std::uint64_t{0});
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    if (level > simd_level()) continue;
    std::int32_t out = 0;
    bit_dot(level)(planes.data(), row.data(), 1, words, &out);
    EXPECT_EQ(out, -8 * 64 * 2000);
  }
}

}  // namespace
}  // namespace alike::index
