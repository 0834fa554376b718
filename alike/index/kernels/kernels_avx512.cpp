#include <immintrin.h>

#include "alike/index/kernels/kernels_levels.h"
#include "alike/index/kernels/kernels_loops.h"

namespace alike::index {
namespace {

struct Vector {
  using Register = __m512;
  static constexpr std::size_t kLanes = 16;
  static constexpr std::size_t kTileRows = 12;

  static Register zero() { return _mm512_setzero_ps(); }
  static Register fill(float value) { return _mm512_set1_ps(value); }
  static Register load(const float* p) { return _mm512_loadu_ps(p); }
  static Register load_part(const float* p, std::size_t count) {
    return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1), p);
  }
  static void store(float* p, Register v) { _mm512_storeu_ps(p, v); }
  static Register add(Register a, Register b) { return _mm512_add_ps(a, b); }
  static Register subtract(Register a, Register b) { return _mm512_sub_ps(a, b); }
  static Register fma(Register a, Register b, Register sum) { return _mm512_fmadd_ps(a, b, sum); }
  static float total(Register v) {
    // Through memory: taking the halves apart warns about an undefined register in GCC 12's header.
    alignas(64) float lanes[kLanes];
    _mm512_store_ps(lanes, v);
    const __m256 eight = _mm256_add_ps(_mm256_load_ps(lanes), _mm256_load_ps(lanes + 8));
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
};

/// The same numbers as `Vector`, to the last bit, from two loads for each cache line: rows come
/// from memory up to a tenth faster when they are asked for at this pace.
struct Halves {
  struct Register {
    __m256 low, high;
  };
  static constexpr std::size_t kLanes = 16;

  static Register zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  static Register load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
  static Register load_part(const float* p, std::size_t count) {
    const unsigned mask = (1U << count) - 1;
    return {_mm256_maskz_loadu_ps(static_cast<__mmask8>(mask), p),
            _mm256_maskz_loadu_ps(static_cast<__mmask8>(mask >> 8), p + 8)};
  }
  static Register load(const Half* p) { return {eight(p, 0xff), eight(p + 8, 0xff)}; }
  static Register load_part(const Half* p, std::size_t count) {
    const unsigned mask = (1U << count) - 1;
    return {eight(p, mask), eight(p + 8, mask >> 8)};
  }
  static __m256 eight(const Half* p, unsigned mask) {
    return _mm256_cvtph_ps(_mm_maskz_loadu_epi16(static_cast<__mmask8>(mask), p));
  }
  static void store(float* p, Register v) {
    _mm256_storeu_ps(p, v.low);
    _mm256_storeu_ps(p + 8, v.high);
  }
  static Register add(Register a, Register b) {
    return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
  }
  static Register subtract(Register a, Register b) {
    return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
  }
  static Register fma(Register a, Register b, Register sum) {
    return {_mm256_fmadd_ps(a.low, b.low, sum.low), _mm256_fmadd_ps(a.high, b.high, sum.high)};
  }
  static float total(Register v) {
    const __m256 eight = _mm256_add_ps(v.low, v.high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
};

}  // namespace

const Kernels& avx512_kernels() {
  using Wide = Loops<Vector>;
  using Paced = Loops<Halves>;
  static constexpr Kernels kTable{
      Wide::dot,       Wide::l2_squared,       Paced::dot_rows, Paced::l2_squared_rows,
      Paced::dot_rows, Paced::l2_squared_rows, Paced::widen,    Wide::dot_panel};
  return kTable;
}

}  // namespace alike::index
