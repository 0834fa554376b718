#include <immintrin.h>

#include "alike/index/kernels_levels.h"

namespace alike::index {
namespace {

constexpr std::size_t kLanes = 16;

__m512 load(const float* p) { return _mm512_loadu_ps(p); }
__m512 add(__m512 a, __m512 b) { return _mm512_add_ps(a, b); }
__m512 subtract(__m512 a, __m512 b) { return _mm512_sub_ps(a, b); }
__m512 fma(__m512 a, __m512 b, __m512 sum) { return _mm512_fmadd_ps(a, b, sum); }

/// The first `count` < kLanes floats at `p`, zeros after them.
__m512 load_part(const float* p, std::size_t count) {
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1), p);
}

float total(__m512 v) {
  alignas(64) float lanes[kLanes];
  _mm512_store_ps(lanes, v);
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

/// Σ term(aᵢ, bᵢ) on four chains, enough to hide the latency of the multiply-add.
template <class Term>
float sum_of(const float* a, const float* b, std::size_t width, Term term) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
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
  return sum_of(a, b, width, [](__m512 x, __m512 y, __m512 sum) { return fma(x, y, sum); });
}

float l2_squared(const float* a, const float* b, std::size_t width) {
  return sum_of(a, b, width, [](__m512 x, __m512 y, __m512 sum) {
    const __m512 difference = subtract(x, y);
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

const Kernels& avx512_kernels() {
  static constexpr Kernels table{dot, l2_squared, dot_rows, l2_squared_rows};
  return table;
}

}  // namespace alike::index
