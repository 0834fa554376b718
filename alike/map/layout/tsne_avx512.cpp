#include <immintrin.h>

#include "alike/map/layout/tsne_levels.h"

namespace alike::map {
namespace {

// A point of two floats, as one number.
using PointBits [[gnu::may_alias, gnu::aligned(4)]] = double;

}  // namespace

void pull_avx512(const float* points, const std::uint64_t* begins, const std::uint32_t* targets,
                 const float* weights, std::size_t begin, std::size_t end, float* pulls) {
  const __m512i doubled = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
  const __m512 one = _mm512_set1_ps(1);
  constexpr __mmask16 kAll = 0xffff;  // GCC 12 warns of undefined values without a mask
  for (std::size_t row = begin; row < end; ++row) {
    const __m512 from =
        _mm512_castpd_ps(_mm512_set1_pd(*reinterpret_cast<const PointBits*>(points + 2 * row)));
    __m512 totals = _mm512_setzero_ps();  // (x, y) of each place in a group
    for (std::uint64_t i = begins[row]; i < begins[row + 1]; i += kGroup) {
      const __m256i places = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(targets + i));
      const __m512 to = _mm512_castpd_ps(
          _mm512_mask_i32gather_pd(_mm512_setzero_pd(), 0xff, places, points, sizeof(double)));
      const __m512 step = _mm512_sub_ps(from, to);
      const __m512 square = _mm512_mul_ps(step, step);
      const __m512 both = _mm512_add_ps(square, _mm512_maskz_permute_ps(kAll, square, 0xB1));
      const __m512 twice =
          _mm512_maskz_permutexvar_ps(kAll, doubled, _mm512_maskz_loadu_ps(0xff, weights + i));
      const __m512 pull = _mm512_div_ps(twice, _mm512_add_ps(one, both));
      totals = _mm512_add_ps(totals, _mm512_mul_ps(pull, step));
    }
    float sums[2 * kGroup], sum_x = 0, sum_y = 0;
    _mm512_storeu_ps(sums, totals);
    for (std::size_t lane = 0; lane < kGroup; ++lane) {
      sum_x += sums[2 * lane];
      sum_y += sums[2 * lane + 1];
    }
    pulls[2 * row] = sum_x;
    pulls[2 * row + 1] = sum_y;
  }
}

}  // namespace alike::map
