#include <immintrin.h>

#include "alike/index/kernels_levels.h"

namespace alike::index {
namespace {

constexpr std::size_t kLanes = 8;

__m256 load(const float* p) { return _mm256_loadu_ps(p); }
__m256 add(__m256 a, __m256 b) { return _mm256_add_ps(a, b); }
__m256 subtract(__m256 a, __m256 b) { return _mm256_sub_ps(a, b); }
__m256 fma(__m256 a, __m256 b, __m256 sum) { return _mm256_fmadd_ps(a, b, sum); }

/// The first `count` < kLanes floats at `p`, zeros after them.
__m256 load_part(const float* p, std::size_t count) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i wanted = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), lanes);
  return _mm256_maskload_ps(p, wanted);
}

float total(__m256 v) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// Σ term(aᵢ, bᵢ) on four chains, enough to hide the latency of the multiply-add.
template <class Term>
float sum_of(const float* a, const float* b, std::size_t width, Term term) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  std::size_t i = 0;
  for (; i + 4 * kLanes <= width; i += 4 * kLanes) {
    s0 = term(load(a + i), load(b + i), s0);
    s1 = term(load(a + i + kLanes), load(b + i + kLanes), s1);
    s2 = term(load(a + i + 2 * kLanes), load(b + i + 2 * kLanes), s2);
    s3 = term(load(a + i + 3 * kLanes), load(b + i + 3 * kLanes), s3);
  }
  for (; i + kLanes <= width; i += kLanes) s0 = term(load(a + i), load(b + i), s0);
  if (i < width) s1 = term(load_part(a + i, width - i), load_part(b + i, width - i), s1);
  return total(add(add(s0, s1), add(s2, s3)));
}

float dot(const float* a, const float* b, std::size_t width) {
  return sum_of(a, b, width, [](__m256 x, __m256 y, __m256 sum) { return fma(x, y, sum); });
}

float l2_squared(const float* a, const float* b, std::size_t width) {
  return sum_of(a, b, width, [](__m256 x, __m256 y, __m256 sum) {
    const __m256 difference = subtract(x, y);
    return fma(difference, difference, sum);
  });
}

void dot_rows(const float* query, const float* rows, std::size_t count, std::size_t width,
              float* out, float* norms) {
  for (std::size_t r = 0; r < count; ++r) {
    const float* row = rows + r * width;
    out[r] = dot(query, row, width);
    if (norms != nullptr) norms[r] = dot(row, row, width);
  }
}

void l2_squared_rows(const float* query, const float* rows, std::size_t count, std::size_t width,
                     float* out) {
  for (std::size_t r = 0; r < count; ++r) out[r] = l2_squared(query, rows + r * width, width);
}

}  // namespace

const Kernels& avx2_kernels() {
  static constexpr Kernels table{dot, l2_squared, dot_rows, l2_squared_rows};
  return table;
}

}  // namespace alike::index
