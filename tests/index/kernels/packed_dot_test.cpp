#include "alike/index/kernels/packed_dot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "alike/base/random.h"

namespace alike::index {
namespace {

constexpr Simd kLevels[] = {Simd::scalar, Simd::avx2, Simd::avx512};

std::vector<std::uint64_t> words_of(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint64_t> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = random_bits(seed, i);
  return all;
}

std::vector<std::int8_t> query_of(std::size_t words, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int8_t> query(64 * words);
  for (auto& value : query)
    value = static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127);
  return query;
}

/// The slow twin: number by number.
std::int32_t product(const std::int8_t* query, const PackedRows& rows, std::size_t row) {
  const std::size_t planes = rows.bits - 1;
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < 64 * rows.words; ++i) {
    const std::size_t word = row * rows.words + i / 64;
    auto number = static_cast<std::int32_t>(rows.tops[word] >> (i % 64) & 1);
    for (std::size_t p = 0; p < planes; ++p) {
      number = 2 * number + static_cast<std::int32_t>(rows.rest[word * planes + p] >> (i % 64) & 1);
    }
    sum += query[i] * number;
  }
  return sum;
}

TEST(PackedDot, is_exact_at_every_level_width_and_number_of_bits) {
  const std::vector<std::uint32_t> which{4, 0, 4, 2, 1};
  for (std::size_t words = 1; words <= 21; ++words) {  // widths to 1,344
    const auto query = query_of(words, words);
    for (std::size_t bits = 2; bits <= 8; ++bits) {
      const auto tops = words_of(5 * words, 10 + words),
                 rest = words_of(5 * words * (bits - 1), bits);
      const PackedRows rows{tops.data(), rest.data(), words, bits};
      for (const Simd level : kLevels) {
        if (level > simd_level()) continue;
        std::vector<std::int32_t> out(which.size());
        packed_dot(level)(query.data(), rows, which.data(), which.size(), out.data());
        for (std::size_t i = 0; i < which.size(); ++i) {
          EXPECT_EQ(out[i], product(query.data(), rows, which[i]))
              << name_of(level) << ", " << words << " words of " << bits << " bits";
        }
      }
    }
  }
}

TEST(PackedDot, does_not_overflow_on_the_largest_numbers) {
  const std::size_t words = 1024;
  const std::vector<std::uint64_t> ones(7 * words, ~std::uint64_t{0});
  const PackedRows rows{ones.data(), ones.data(), words, 8};
  const std::uint32_t first = 0;
  for (const int value : {-127, 127}) {
    const std::vector<std::int8_t> query(64 * words, static_cast<std::int8_t>(value));
    for (const Simd level : kLevels) {
      if (level > simd_level()) continue;
      std::int32_t out = 0;
      packed_dot(level)(query.data(), rows, &first, 1, &out);
      EXPECT_EQ(out, value * 255 * 64 * 1024);
    }
  }
}

}  // namespace
}  // namespace alike::index
