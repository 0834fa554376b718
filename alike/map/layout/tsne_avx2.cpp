#include <immintrin.h>

#include "alike/map/layout/tsne_levels.h"

namespace alike::map {
namespace {

/// Adds the pulls of four targets to `sums`, which are (x, y) of each.
__m256 pulled(__m256 sums, __m256 from, const float* points, __m128i targets, __m128 weights) {
  const __m256d zeros = _mm256_setzero_pd();  // GCC 12 warns of the plain gather's undefined ones
  const __m256 to = _mm256_castpd_ps(
      _mm256_mask_i32gather_pd(zeros, reinterpret_cast<const double*>(points), targets,
                               _mm256_cmp_pd(zeros, zeros, _CMP_EQ_OQ), sizeof(double)));
  const __m256 step = _mm256_sub_ps(from, to);
  const __m256 square = _mm256_mul_ps(step, step);
  const __m256 both = _mm256_add_ps(square, _mm256_permute_ps(square, 0xB1));
  const __m256 twice =
      _mm256_set_m128(_mm_unpackhi_ps(weights, weights), _mm_unpacklo_ps(weights, weights));
  const __m256 pull = _mm256_div_ps(twice, _mm256_add_ps(_mm256_set1_ps(1), both));
  return _mm256_add_ps(sums, _mm256_mul_ps(pull, step));
}

}  // namespace

void pull_avx2(const float* points, const std::uint64_t* begins, const std::uint32_t* targets,
               const float* weights, std::size_t begin, std::size_t end, float* pulls) {
  for (std::size_t row = begin; row < end; ++row) {
    const __m256 from =
        _mm256_castpd_ps(_mm256_broadcast_sd(reinterpret_cast<const double*>(points + 2 * row)));
    __m256 low = _mm256_setzero_ps(), high = _mm256_setzero_ps();
    for (std::uint64_t i = begins[row]; i < begins[row + 1]; i += kGroup) {
      const auto* places = reinterpret_cast<const __m128i*>(targets + i);
      low = pulled(low, from, points, _mm_loadu_si128(places), _mm_loadu_ps(weights + i));
      high = pulled(high, from, points, _mm_loadu_si128(places + 1), _mm_loadu_ps(weights + i + 4));
    }
    float sums[2 * kGroup], sum_x = 0, sum_y = 0;
    _mm256_storeu_ps(sums, low);
    _mm256_storeu_ps(sums + kGroup, high);
    for (std::size_t lane = 0; lane < kGroup; ++lane) {
      sum_x += sums[2 * lane];
      sum_y += sums[2 * lane + 1];
    }
    pulls[2 * row] = sum_x;
    pulls[2 * row + 1] = sum_y;
  }
}

}  // namespace alike::map
