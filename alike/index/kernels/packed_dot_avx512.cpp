#include <immintrin.h>

#include "alike/index/kernels/packed_dot_levels.h"

namespace alike::index {
namespace {

/// The masked form does not warn about an undefined register in GCC 12's header.
template <int Part>
__m128i quarter(__m512i v) {
  return _mm512_maskz_extracti32x4_epi32(15, v, Part);
}

std::int32_t total(__m512i v) {
  const __m128i four = _mm_add_epi32(_mm_add_epi32(quarter<0>(v), quarter<1>(v)),
                                     _mm_add_epi32(quarter<2>(v), quarter<3>(v)));
  const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
  return _mm_cvtsi128_si32(two) + _mm_extract_epi32(two, 1);
}

}  // namespace

void packed_dot_avx512(const std::int8_t* query, const PackedRows& rows, const std::uint32_t* which,
                       std::size_t count, std::int32_t* out) {
  const std::size_t planes = rows.bits - 1;
  const __m512i one = _mm512_set1_epi8(1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t* tops = rows.tops + which[i] * rows.words;
    const std::uint64_t* rest = rows.rest + which[i] * rows.words * planes;
    __m512i sum = _mm512_setzero_si512();
    for (std::size_t w = 0; w < rows.words; ++w, rest += planes) {
      __m512i numbers = _mm512_maskz_mov_epi8(tops[w], one);
      for (std::size_t p = 0; p < planes; ++p) {
        numbers = _mm512_add_epi8(numbers, numbers);
        numbers = _mm512_mask_add_epi8(numbers, rest[p], numbers, one);
      }
      sum = _mm512_dpbusd_epi32(sum, numbers, _mm512_loadu_si512(query + 64 * w));
    }
    out[i] = total(sum);
  }
}

}  // namespace alike::index
