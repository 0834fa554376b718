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

void dot_rows(const float* query, const float* rows, std::size_t count, std::size_t width,
              float* out, float* norms) {
  for (std::size_t r = 0; r < count; ++r) {
    const float* row = rows + r * width;
    out[r] = dot(query, row, width);
    if (norms != nullptr) norms[r] = dot(row, row, width);
  }
}

void l2_squared_rows(const float* query, const float* rows, std::size_t count, std::size_t width,
                     float* out) {
  for (std::size_t r = 0; r < count; ++r) out[r] = l2_squared(query, rows + r * width, width);
}

}  // namespace

const Kernels& scalar_kernels() {
  static constexpr Kernels table{dot, l2_squared, dot_rows, l2_squared_rows};
  return table;
}

}  // namespace alike::index
