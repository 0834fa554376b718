#include <immintrin.h>

#include "alike/index/kernels/i8_dot_levels.h"

namespace alike::index {
namespace {

constexpr std::size_t kRows = 4;  // at once: their sums are added up together

/// The sums of the numbers of four registers. The masked forms do not warn about an undefined
/// register in GCC 12's header.
__m128i totals(const __m512i (&v)[kRows]) {
  const auto fold2 = [](__m512i a, __m512i b) {
    return _mm512_add_epi32(_mm512_maskz_unpacklo_epi32(0xffff, a, b),
                            _mm512_maskz_unpackhi_epi32(0xffff, a, b));
  };
  const __m512i v01 = fold2(v[0], v[1]), v23 = fold2(v[2], v[3]);
  const __m512i all = _mm512_add_epi32(_mm512_maskz_unpacklo_epi64(0xff, v01, v23),
                                       _mm512_maskz_unpackhi_epi64(0xff, v01, v23));
  const __m128i low = _mm_add_epi32(_mm512_maskz_extracti32x4_epi32(15, all, 0),
                                    _mm512_maskz_extracti32x4_epi32(15, all, 1));
  const __m128i high = _mm_add_epi32(_mm512_maskz_extracti32x4_epi32(15, all, 2),
                                     _mm512_maskz_extracti32x4_epi32(15, all, 3));
  return _mm_add_epi32(low, high);
}

}  // namespace

void i8_dot_avx512(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                   const std::uint32_t* which, std::size_t count, std::int32_t* out) {
  for (std::size_t i = 0; i < count; i += kRows) {
    const std::size_t some = count - i < kRows ? count - i : kRows;
    const std::uint8_t* row[kRows];
    for (std::size_t r = 0; r < kRows; ++r) row[r] = rows + which[r < some ? i + r : i] * stride;
    __m512i sums[kRows] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(),
                           _mm512_setzero_si512()};
    for (std::size_t j = 0; j < stride; j += kByteAlign) {
      const __m512i q = _mm512_load_si512(query + j);
      for (std::size_t r = 0; r < kRows; ++r) {
        sums[r] = _mm512_dpbusd_epi32(sums[r], _mm512_load_si512(row[r] + j), q);
      }
    }
    _mm_mask_storeu_epi32(out + i, static_cast<__mmask8>((1U << some) - 1), totals(sums));
  }
}

}  // namespace alike::index
