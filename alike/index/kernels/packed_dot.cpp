#include "alike/index/kernels/packed_dot.h"

#include "alike/index/kernels/packed_dot_levels.h"

namespace alike::index {

PackedDot packed_dot(Simd level) {
  switch (level) {
    case Simd::scalar: return packed_dot_scalar;
    case Simd::avx2: return packed_dot_avx2;
    case Simd::avx512: return packed_dot_avx512;
  }
  return packed_dot_scalar;
}

PackedDot packed_dot() {
  static const PackedDot chosen = packed_dot(simd_level());
  return chosen;
}

}  // namespace alike::index
