#include <immintrin.h>

#include "alike/index/kernels/packed_dot_levels.h"

namespace alike::index {
namespace {

/// 32 bits as bytes: all ones where a bit is set.
__m256i spread(std::uint32_t bits) {
  const __m256i byte_of = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,  //
                                           2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  const __m256i bit_of = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201U));
  const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(bits)), byte_of);
  return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit_of), bit_of);
}

/// Σ of products of 32 numbers of at most 7 bits with those of a query, in eight parts: pairs stay
/// below 2¹⁵.
__m256i products(__m256i numbers, __m256i query) {
  return _mm256_madd_epi16(_mm256_maddubs_epi16(numbers, query), _mm256_set1_epi16(1));
}

std::int32_t total(__m256i v) {
  const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
  return _mm_cvtsi128_si32(two) + _mm_extract_epi32(two, 1);
}

}  // namespace

void packed_dot_avx2(const std::int8_t* query, const PackedRows& rows, const std::uint32_t* which,
                     std::size_t count, std::int32_t* out) {
  const std::size_t planes = rows.bits - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t* tops = rows.tops + which[i] * rows.words;
    const std::uint64_t* rest = rows.rest + which[i] * rows.words * planes;
    __m256i of_tops = _mm256_setzero_si256(), of_rest = _mm256_setzero_si256();
    for (std::size_t w = 0; w < rows.words; ++w, rest += planes) {
      for (std::size_t half = 0; half < 2; ++half) {
        const std::size_t shift = 32 * half;
        const __m256i q =
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(query + 64 * w + shift));
        const __m256i top = spread(static_cast<std::uint32_t>(tops[w] >> shift));
        __m256i numbers = _mm256_setzero_si256();
        for (std::size_t p = 0; p < planes; ++p) {
          const __m256i bit = spread(static_cast<std::uint32_t>(rest[p] >> shift));
          numbers = _mm256_sub_epi8(_mm256_add_epi8(numbers, numbers), bit);
        }
        of_tops = _mm256_add_epi32(of_tops, products(_mm256_abs_epi8(top), q));
        of_rest = _mm256_add_epi32(of_rest, products(numbers, q));
      }
    }
    out[i] = total(of_tops) * (1 << planes) + total(of_rest);
  }
}

}  // namespace alike::index
