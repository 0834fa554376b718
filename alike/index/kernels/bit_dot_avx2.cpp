#include <immintrin.h>

#include "alike/index/kernels/bit_dot_levels.h"

namespace alike::index {
namespace {

/// Bits set in each byte: a table look-up for each half (Muła, arXiv 1611.07612).
__m256i byte_counts(__m256i bits) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(15);
  const __m256i high_half = _mm256_and_si256(_mm256_srli_epi16(bits, 4), low);
  return _mm256_add_epi8(_mm256_shuffle_epi8(table, _mm256_and_si256(bits, low)),
                         _mm256_shuffle_epi8(table, high_half));
}

__m256i load_part(const std::uint64_t* words, std::size_t count) {
  const __m256i wanted = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<long long>(count)),
                                            _mm256_setr_epi64x(0, 1, 2, 3));
  return _mm256_maskload_epi64(reinterpret_cast<const long long*>(words), wanted);
}

}  // namespace

void bit_dot_avx2(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t row_count,
                  std::size_t words, std::int32_t* out) {
  for (std::size_t r = 0; r < row_count; ++r, rows += words) {
    __m256i counts[kQueryBits];
    for (__m256i& count : counts) count = _mm256_setzero_si256();
    for (std::size_t w = 0; w < words; w += 4) {
      const std::size_t left = words - w;
      const __m256i row = load_part(rows + w, left);
      for (std::size_t p = 0; p < kQueryBits; ++p) {
        const __m256i both = _mm256_and_si256(row, load_part(planes + p * words + w, left));
        const __m256i sums = _mm256_sad_epu8(byte_counts(both), _mm256_setzero_si256());
        counts[p] = _mm256_add_epi64(counts[p], sums);
      }
    }
    // The highest bit counts negative.
    __m256i sum = _mm256_sub_epi64(_mm256_setzero_si256(), counts[kQueryBits - 1]);
    for (std::size_t p = kQueryBits - 1; p-- > 0;) {
      sum = _mm256_add_epi64(_mm256_add_epi64(sum, sum), counts[p]);
    }
    const __m128i two =
        _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    out[r] = static_cast<std::int32_t>(_mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1));
  }
}

}  // namespace alike::index
