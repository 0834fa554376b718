#include <bit>
#include <cstdint>

#include "alike/index/kernels/kernels_levels.h"

namespace alike::index {
namespace {

/// Sixteen partial sums, as the vector twins keep them, so that the rounding is of the same size.
constexpr std::size_t kLanes = 16;

float total(const float (&sums)[kLanes]) {
  float sum = 0;
  for (const float part : sums) sum += part;
  return sum;
}

float number(float value) { return value; }
float number(Half half) {
  const unsigned bits = static_cast<unsigned>(half);
  const unsigned sign = (bits & 0x8000U) << 16, rest = (bits & 0x7fffU) << 13;
  if (rest >= 0x7c00U << 13) return std::bit_cast<float>(sign | 0x70000000U | rest);
  // Read as a float the exponent is 112 too small; the product is exact, for denormal numbers too.
  return std::bit_cast<float>(sign |
                              std::bit_cast<unsigned>(std::bit_cast<float>(rest) * 0x1p112F));
}

/// The sum of `term(i)` for all i below `width`.
float sum_of(std::size_t width, const auto& term) {
  float sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= width; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += term(i + lane);
  }
  for (std::size_t lane = 0; i < width; ++i, ++lane) sums[lane] += term(i);
  return total(sums);
}

template <class Number>
float dot(const float* a, const Number* b, std::size_t width) {
  return sum_of(width, [=](std::size_t i) { return a[i] * number(b[i]); });
}

template <class Number>
float norm(const Number* row, std::size_t width) {
  return sum_of(width, [=](std::size_t i) { return number(row[i]) * number(row[i]); });
}

template <class Number>
float l2_squared(const float* a, const Number* b, std::size_t width) {
  return sum_of(width, [=](std::size_t i) {
    const float difference = a[i] - number(b[i]);
    return difference * difference;
  });
}

template <class Number>
void dot_rows(const float* query, const Number* rows, std::size_t row_count, std::size_t width,
              float* out, float* norms) {
  for (std::size_t r = 0; r < row_count; ++r) {
    const Number* row = rows + r * width;
    out[r] = dot(query, row, width);
    if (norms != nullptr) norms[r] = norm(row, width);
  }
}

template <class Number>
void l2_squared_rows(const float* query, const Number* rows, std::size_t row_count,
                     std::size_t width, float* out) {
  for (std::size_t r = 0; r < row_count; ++r) out[r] = l2_squared(query, rows + r * width, width);
}

/// a · b + c, rounded once, as the vector levels do. The product is exact as a double; rounding the
/// sum to a double before it becomes a float matters only where that lies halfway between two
/// floats, or below the normal ones: there it gets an odd last bit where it is not exact (Boldo,
/// Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
float fused(float a, float b, float c) {
  const double product = double{a} * double{b}, sum = product + double{c};
  auto bits = std::bit_cast<std::uint64_t>(sum);
  const bool halfway = (bits & 0x1fffffffU) == 0x10000000U, finite = sum - sum == 0;
  const bool normal = sum >= 0x1p-126 || sum <= -0x1p-126;
  if ((normal && !halfway) || !finite) return static_cast<float>(sum);
  const double added = sum - product;
  const double rest = (product - (sum - added)) + (double{c} - added);
  if (rest != 0 && (bits & 1U) == 0) bits = (rest > 0) == (sum > 0) ? bits + 1 : bits - 1;
  return static_cast<float>(std::bit_cast<double>(bits));
}

void widen(const Half* numbers, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = number(numbers[i]);
}

void dot_panel(const float* panel, const float* rows, std::size_t row_count, std::size_t width,
               float* out) {
  for (std::size_t r = 0; r < row_count; ++r) {
    float sums[kPanelQueries] = {};
    for (std::size_t i = 0; i < width; ++i) {
      const float value = rows[r * width + i];
      for (std::size_t q = 0; q < kPanelQueries; ++q) {
        sums[q] = fused(panel[i * kPanelQueries + q], value, sums[q]);
      }
    }
    for (std::size_t q = 0; q < kPanelQueries; ++q) out[r * kPanelQueries + q] = sums[q];
  }
}

}  // namespace

const Kernels& scalar_kernels() {
  static constexpr Kernels kTable{dot,      l2_squared,      dot_rows, l2_squared_rows,
                                  dot_rows, l2_squared_rows, widen,    dot_panel};
  return kTable;
}

}  // namespace alike::index
