#include "alike/map/layout/umap_levels.h"

namespace alike::map {

UmapKernel umap_kernel(Simd level) {
  switch (level) {
    case Simd::scalar: return umap_scalar;
    case Simd::avx2: return umap_avx2;
    case Simd::avx512: return umap_avx512;
  }
  return umap_scalar;
}

}  // namespace alike::map
