#include <immintrin.h>

#include "alike/index/kernels_levels.h"
#include "alike/index/kernels_loops.h"

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

}  // namespace

const Kernels& avx512_kernels() { return Loops<Vector>::kTable; }

}  // namespace alike::index
