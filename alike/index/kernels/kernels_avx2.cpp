#include <immintrin.h>

#include "alike/index/kernels/kernels_levels.h"
#include "alike/index/kernels/kernels_loops.h"

namespace alike::index {
namespace {

struct Vector {
  using Register = __m256;
  static constexpr std::size_t kLanes = 8;
  static constexpr std::size_t kTileRows = 6;

  static Register zero() { return _mm256_setzero_ps(); }
  static Register fill(float value) { return _mm256_set1_ps(value); }
  static Register load(const float* p) { return _mm256_loadu_ps(p); }
  static Register load_part(const float* p, std::size_t count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i wanted = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), lanes);
    return _mm256_maskload_ps(p, wanted);
  }
  static Register load(const Half* p) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static Register load_part(const Half* p, std::size_t count) {
    Half part[kLanes] = {};
    for (std::size_t i = 0; i < count; ++i) part[i] = p[i];
    return load(part);
  }
  static void store(float* p, Register v) { _mm256_storeu_ps(p, v); }
  static Register add(Register a, Register b) { return _mm256_add_ps(a, b); }
  static Register subtract(Register a, Register b) { return _mm256_sub_ps(a, b); }
  static Register fma(Register a, Register b, Register sum) { return _mm256_fmadd_ps(a, b, sum); }
  static float total(Register v) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
};

}  // namespace

const Kernels& avx2_kernels() { return Loops<Vector>::kTable; }

}  // namespace alike::index
