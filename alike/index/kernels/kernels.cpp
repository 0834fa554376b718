#include "alike/index/kernels/kernels.h"

#include "alike/index/kernels/kernels_levels.h"

namespace alike::index {

const Kernels& kernels(Simd level) {
  switch (level) {
    case Simd::scalar: return scalar_kernels();
    case Simd::avx2: return avx2_kernels();
    case Simd::avx512: return avx512_kernels();
  }
  return scalar_kernels();
}

const Kernels& kernels() { return kernels(simd_level()); }

}  // namespace alike::index
