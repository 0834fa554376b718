#include "alike/index/kernels_levels.h"

namespace alike::index {
namespace {

/// Sixteen partial sums, as the vector twins keep them, so that the rounding is of the same size.
constexpr std::size_t kLanes = 16;

float total(const float (&sums)[kLanes]) {
  float sum = 0;
  for (const float part : sums) sum += part;
  return sum;
}

float dot(const float* a, const float* b, std::size_t width) {
  float sums[kLanes] = {};
  for (std::size_t i = 0; i < width; ++i) sums[i % kLanes] += a[i] * b[i];
  return total(sums);
}

float l2_squared(const float* a, const float* b, std::size_t width) {
  float sums[kLanes] = {};
  for (std::size_t i = 0; i < width; ++i) {
    const float difference = a[i] - b[i];
    sums[i % kLanes] += difference * difference;
  }
  return total(sums);
}

void dot_tile(const float* queries, std::size_t query_count, const float* rows,
              std::size_t row_count, std::size_t width, float* out, float* norms) {
  for (std::size_t r = 0; r < row_count; ++r) {
    const float* row = rows + r * width;
    for (std::size_t q = 0; q < query_count; ++q) {
      out[q * row_count + r] = dot(queries + q * width, row, width);
    }
    if (norms != nullptr) norms[r] = dot(row, row, width);
  }
}

void l2_squared_tile(const float* queries, std::size_t query_count, const float* rows,
                     std::size_t row_count, std::size_t width, float* out) {
  for (std::size_t r = 0; r < row_count; ++r) {
    for (std::size_t q = 0; q < query_count; ++q) {
      out[q * row_count + r] = l2_squared(queries + q * width, rows + r * width, width);
    }
  }
}

}  // namespace

const Kernels& scalar_kernels() {
  static constexpr Kernels kTable{dot, l2_squared, dot_tile, l2_squared_tile};
  return kTable;
}

}  // namespace alike::index
