#include "alike/index/kernels/i8_dot.h"

#include <gtest/gtest.h>

#include <vector>

#include "alike/base/random.h"
#include "alike/index/rows/aligned.h"

namespace alike::index {
namespace {

AlignedBytes bytes(std::size_t count, std::uint64_t seed) {
  AlignedBytes all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<std::uint8_t>(random_bits(seed, i));
  return all;
}

std::vector<std::int32_t> products(Simd level, const AlignedBytes& query, const AlignedBytes& rows,
                                   const std::vector<std::uint32_t>& which) {
  std::vector<std::int32_t> out(which.size() + 1, 77);
  i8_dot(level)(reinterpret_cast<const std::int8_t*>(query.data()), rows.data(), query.size(),
                which.data(), which.size(), out.data());
  EXPECT_EQ(out.back(), 77) << "wrote beyond the end";
  out.pop_back();
  return out;
}

TEST(I8Dot, is_exact_at_every_level_width_and_row_count) {
  constexpr std::size_t kRows = 23;
  for (std::size_t stride = kByteAlign; stride <= 1344; stride += kByteAlign) {
    const auto query = bytes(stride, stride), rows = bytes(kRows * stride, 100 + stride);
    for (const std::size_t count : {0U, 1U, 3U, 4U, 9U, 40U}) {
      std::vector<std::uint32_t> which(count);
      for (std::size_t i = 0; i < count; ++i)
        which[i] = static_cast<std::uint32_t>((7 * i + 5) % kRows);
      for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
        if (level > simd_level()) continue;
        const auto out = products(level, query, rows, which);
        for (std::size_t i = 0; i < count; ++i) {
          std::int64_t sum = 0;
          for (std::size_t j = 0; j < stride; ++j) {
            sum += std::int64_t{static_cast<std::int8_t>(query[j])} * rows[which[i] * stride + j];
          }
          EXPECT_EQ(out[i], sum) << name_of(level) << ", " << stride << " bytes, row " << i;
        }
      }
    }
  }
}

TEST(I8Dot, does_not_overflow_on_the_widest_rows) {
  const std::size_t stride = 65536;
  const AlignedBytes rows(stride, 255);
  for (const int value : {-128, 127}) {
    const AlignedBytes query(stride, static_cast<std::uint8_t>(value));
    for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
      if (level > simd_level()) continue;
      EXPECT_EQ(products(level, query, rows, {0}).front(), 65536 * 255 * value) << name_of(level);
    }
  }
}

}  // namespace
}  // namespace alike::index
