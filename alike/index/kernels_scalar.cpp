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

void dot_rows(const float* query, const float* rows, std::size_t row_count, std::size_t width,
              float* out, float* norms) {
  for (std::size_t r = 0; r < row_count; ++r) {
    const float* row = rows + r * width;
    out[r] = dot(query, row, width);
    if (norms != nullptr) norms[r] = dot(row, row, width);
  }
}

void l2_squared_rows(const float* query, const float* rows, std::size_t row_count,
                     std::size_t width, float* out) {
  for (std::size_t r = 0; r < row_count; ++r) out[r] = l2_squared(query, rows + r * width, width);
}

void dot_panel(const float* panel, const float* rows, std::size_t row_count, std::size_t width,
               float* out) {
  for (std::size_t r = 0; r < row_count; ++r) {
    float sums[kPanelQueries] = {};
    for (std::size_t i = 0; i < width; ++i) {
      const float value = rows[r * width + i];
      for (std::size_t q = 0; q < kPanelQueries; ++q)
        sums[q] += panel[i * kPanelQueries + q] * value;
    }
    for (std::size_t q = 0; q < kPanelQueries; ++q) out[r * kPanelQueries + q] = sums[q];
  }
}

}  // namespace

const Kernels& scalar_kernels() {
  static constexpr Kernels kTable{dot, l2_squared, dot_rows, l2_squared_rows, dot_panel};
  return kTable;
}

}  // namespace alike::index
