#include <immintrin.h>

#include "alike/index/kernels/bit_dot_levels.h"

namespace alike::index {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kRows = 4;  // at once, so that their chains overlap

std::int32_t total(__m512i v) {
  // Through memory: taking the halves apart warns about an undefined register in GCC 12's header.
  alignas(64) std::int64_t lanes[kLanes];
  _mm512_store_si512(lanes, v);
  const __m256i* half = reinterpret_cast<const __m256i*>(lanes);
  const __m256i four = _mm256_add_epi64(_mm256_load_si256(half), _mm256_load_si256(half + 1));
  const __m128i two =
      _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
  return static_cast<std::int32_t>(_mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1));
}

template <std::size_t R>
void some_rows(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t words,
               std::int32_t* out) {
  __m512i counts[R][kQueryBits];
  for (auto& of_row : counts) {
    for (__m512i& count : of_row) count = _mm512_setzero_si512();
  }
  for (std::size_t w = 0; w < words; w += kLanes) {
    const std::size_t left = words - w;
    const auto lanes = static_cast<__mmask8>(left < kLanes ? (1U << left) - 1 : 255U);
    __m512i row[R];
    for (std::size_t r = 0; r < R; ++r)
      row[r] = _mm512_maskz_loadu_epi64(lanes, rows + r * words + w);
    for (std::size_t p = 0; p < kQueryBits; ++p) {
      const __m512i plane = _mm512_maskz_loadu_epi64(lanes, planes + p * words + w);
      for (std::size_t r = 0; r < R; ++r) {
        const __m512i count = _mm512_popcnt_epi64(_mm512_and_si512(row[r], plane));
        counts[r][p] = _mm512_add_epi64(counts[r][p], count);
      }
    }
  }
  for (std::size_t r = 0; r < R; ++r) {
    // The highest bit counts negative.
    __m512i sum = _mm512_sub_epi64(_mm512_setzero_si512(), counts[r][kQueryBits - 1]);
    for (std::size_t p = kQueryBits - 1; p-- > 0;) {
      sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), counts[r][p]);
    }
    out[r] = total(sum);
  }
}

}  // namespace

void bit_dot_avx512(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t row_count,
                    std::size_t words, std::int32_t* out) {
  std::size_t r = 0;
  for (; r + kRows <= row_count; r += kRows) {
    some_rows<kRows>(planes, rows + r * words, words, out + r);
  }
  for (; r < row_count; ++r) some_rows<1>(planes, rows + r * words, words, out + r);
}

}  // namespace alike::index
