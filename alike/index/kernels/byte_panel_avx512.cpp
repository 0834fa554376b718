#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>

#include "alike/index/kernels/byte_panel.h"
#include "alike/index/kernels/kernels.h"

namespace alike::index {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRows = 8;  // at once, so that a panel is read an eighth as often
constexpr float kLargest = 127;
constexpr float kLeast = 1e-18F, kMost = 1e18F;  // largest numbers between which nothing overflows

__mmask16 lanes(std::size_t left) {
  return left >= kLanes ? __mmask16{0xffff} : static_cast<__mmask16>((1U << left) - 1);
}

// Stored and added one by one: the header's reductions warn about undefined registers in GCC 12.
float total(__m512 v) {
  alignas(64) std::array<float, kLanes> parts;
  _mm512_store_ps(parts.data(), v);
  return std::accumulate(parts.begin(), parts.end(), 0.0F);
}

std::int32_t total(__m512i v) {
  alignas(64) std::array<std::int32_t, kLanes> parts;
  _mm512_store_si512(parts.data(), v);
  return std::accumulate(parts.begin(), parts.end(), 0);
}

float largest(__m512 v) {
  alignas(64) std::array<float, kLanes> parts;
  _mm512_store_ps(parts.data(), v);
  return *std::max_element(parts.begin(), parts.end());
}

/// The sum of squares and the largest size of the numbers.
ByteRow measure(const float* row, std::size_t width, float& most) {
  __m512 norms = _mm512_setzero_ps(), sizes = _mm512_setzero_ps();
  for (std::size_t i = 0; i < width; i += kLanes) {
    const __m512 x = _mm512_maskz_loadu_ps(lanes(width - i), row + i);
    norms = _mm512_fmadd_ps(x, x, norms);
    sizes = _mm512_maskz_max_ps(0xffff, sizes, _mm512_abs_ps(x));
  }
  most = largest(sizes);
  ByteRow of;
  of.norm = total(norms);
  return of;
}

ByteRow bytes_of(const float* row, std::size_t width, std::int8_t* bytes) {
  float most = 0;
  ByteRow of = measure(row, width, most);
  if (!(of.norm < std::numeric_limits<float>::infinity() && most >= kLeast && most <= kMost)) {
    std::memset(bytes, 0, width);
    if (of.norm != 0 || most != 0) of.error = std::numeric_limits<float>::quiet_NaN();
    return of;
  }
  of.unit = most / kLargest;
  const __m512 inverse = _mm512_set1_ps(kLargest / most), unit = _mm512_set1_ps(of.unit);
  __m512 errors = _mm512_setzero_ps();
  __m512i sums = _mm512_setzero_si512();
  for (std::size_t i = 0; i < width; i += kLanes) {
    const __mmask16 there = lanes(width - i);
    const __m512 x = _mm512_maskz_loadu_ps(there, row + i);
    const __m512i byte = _mm512_maskz_cvtps_epi32(there, _mm512_mul_ps(x, inverse));
    const __m512 error = _mm512_fnmadd_ps(_mm512_maskz_cvtepi32_ps(0xffff, byte), unit, x);
    errors = _mm512_fmadd_ps(error, error, errors);
    sums = _mm512_add_epi32(sums, byte);
    _mm512_mask_cvtepi32_storeu_epi8(bytes + i, there, byte);
  }
  of.error = total(errors);
  of.sum = total(sums);
  return of;
}

template <std::size_t Rows>
void products(const std::uint8_t* panel, const std::int8_t* rows, std::size_t stride,
              std::int32_t* out) {
  __m512i sums[Rows][2];
  for (auto& of_row : sums) of_row[0] = of_row[1] = _mm512_setzero_si512();
  for (std::size_t i = 0; i < stride; i += kByteGroup, panel += kByteGroup * kPanelQueries) {
    const __m512i first = _mm512_load_si512(panel), second = _mm512_load_si512(panel + 64);
    for (std::size_t r = 0; r < Rows; ++r) {
      std::int32_t four = 0;
      std::memcpy(&four, rows + r * stride + i, sizeof four);
      const __m512i row = _mm512_set1_epi32(four);
      sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], first, row);
      sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], second, row);
    }
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    _mm512_storeu_si512(out + r * kPanelQueries, sums[r][0]);
    _mm512_storeu_si512(out + r * kPanelQueries + kLanes, sums[r][1]);
  }
}

void dot(const std::uint8_t* panel, const std::int8_t* rows, std::size_t row_count,
         std::size_t stride, std::int32_t* out) {
  std::size_t r = 0;
  for (; r + kRows <= row_count; r += kRows) {
    products<kRows>(panel, rows + r * stride, stride, out + r * kPanelQueries);
  }
  for (; r < row_count; ++r) products<1>(panel, rows + r * stride, stride, out + r * kPanelQueries);
}

}  // namespace

const BytePanel& byte_panel_avx512() {
  static const BytePanel panel{bytes_of, dot};
  return panel;
}

}  // namespace alike::index
