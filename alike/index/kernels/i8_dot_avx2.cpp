#include <immintrin.h>

#include "alike/index/kernels/i8_dot_levels.h"

namespace alike::index {
namespace {

constexpr std::size_t kLanes = 16;  // products at once: bytes are widened, since pairs overflow

std::int32_t total(__m256i v) {
  const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
  return _mm_cvtsi128_si32(two) + _mm_extract_epi32(two, 1);
}

}  // namespace

void i8_dot_avx2(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                 const std::uint32_t* which, std::size_t count, std::int32_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* row = rows + which[i] * stride;
    __m256i sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (std::size_t j = 0; j < stride; j += 2 * kLanes) {
      for (std::size_t half = 0; half < 2; ++half) {
        const std::size_t at = j + half * kLanes;
        const __m128i q = _mm_load_si128(reinterpret_cast<const __m128i*>(query + at));
        const __m128i r = _mm_load_si128(reinterpret_cast<const __m128i*>(row + at));
        const __m256i products =
            _mm256_madd_epi16(_mm256_cvtepi8_epi16(q), _mm256_cvtepu8_epi16(r));
        sums[half] = _mm256_add_epi32(sums[half], products);
      }
    }
    out[i] = total(_mm256_add_epi32(sums[0], sums[1]));
  }
}

}  // namespace alike::index
