#include "alike/index/kernels/bit_dot.h"

#include "alike/index/kernels/bit_dot_levels.h"

namespace alike::index {

BitDot bit_dot(Simd level) {
  if (level == Simd::avx512 && has_vector_popcount()) return bit_dot_avx512;
  return level == Simd::scalar ? bit_dot_scalar : bit_dot_avx2;
}

BitDot bit_dot() {
  static const BitDot chosen = bit_dot(simd_level());
  return chosen;
}

}  // namespace alike::index
