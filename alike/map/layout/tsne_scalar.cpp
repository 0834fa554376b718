#include "alike/map/layout/tsne_levels.h"

namespace alike::map {

PullKernel pull_kernel(Simd level) {
  switch (level) {
    case Simd::scalar: return pull_scalar;
    case Simd::avx2: return pull_avx2;
    case Simd::avx512: return pull_avx512;
  }
  return pull_scalar;
}

void pull_scalar(const float* points, const std::uint64_t* begins, const std::uint32_t* targets,
                 const float* weights, std::size_t begin, std::size_t end, float* pulls) {
  for (std::size_t row = begin; row < end; ++row) {
    const float x = points[2 * row], y = points[2 * row + 1];
    float sums_x[kGroup] = {}, sums_y[kGroup] = {};
    for (std::uint64_t i = begins[row]; i < begins[row + 1]; i += kGroup) {
      for (std::size_t lane = 0; lane < kGroup; ++lane) {
        const float* target = points + 2 * std::size_t{targets[i + lane]};
        const float dx = x - target[0], dy = y - target[1];
        const float pull = weights[i + lane] / (1 + (dx * dx + dy * dy));
        sums_x[lane] += pull * dx;
        sums_y[lane] += pull * dy;
      }
    }
    float sum_x = 0, sum_y = 0;
    for (std::size_t lane = 0; lane < kGroup; ++lane) {
      sum_x += sums_x[lane];
      sum_y += sums_y[lane];
    }
    pulls[2 * row] = sum_x;
    pulls[2 * row + 1] = sum_y;
  }
}

}  // namespace alike::map
