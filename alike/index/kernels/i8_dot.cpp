#include "alike/index/kernels/i8_dot.h"

#include "alike/index/kernels/i8_dot_levels.h"

namespace alike::index {

I8Dot i8_dot(Simd level) {
  switch (level) {
    case Simd::scalar: return i8_dot_scalar;
    case Simd::avx2: return i8_dot_avx2;
    case Simd::avx512: return i8_dot_avx512;
  }
  return i8_dot_scalar;
}

I8Dot i8_dot() {
  static const I8Dot chosen = i8_dot(simd_level());
  return chosen;
}

}  // namespace alike::index
