#include "alike/index/codes/rotation.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>

#include "alike/base/random.h"

namespace alike::index {
namespace {

/// Fewer leave a single number of a row of 1,984 (or any width just below a power of two) bunched.
constexpr std::size_t kRounds = 6;
constexpr std::size_t kMultiple = 64;

/// The Walsh-Hadamard transform of a power of two of numbers, scaled to keep lengths.
void hadamard(std::span<float> values) {
  const std::size_t n = values.size();
  for (std::size_t half = 1; half < n; half *= 2) {
    for (std::size_t begin = 0; begin < n; begin += 2 * half) {
      float* a = values.data() + begin;
      float* b = a + half;
      for (std::size_t i = 0; i < half; ++i) {
        const float sum = a[i] + b[i], difference = a[i] - b[i];
        a[i] = sum;
        b[i] = difference;
      }
    }
  }
  const float scale = 1 / std::sqrt(static_cast<float>(n));
  for (float& value : values) value *= scale;
}

/// Mixes the parts that the transforms at either end leave apart.
void butterfly(std::span<float> values) {
  const std::size_t half = values.size() / 2;
  const float scale = std::numbers::sqrt2_v<float> / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const float a = values[i], b = values[i + half];
    values[i] = (a + b) * scale;
    values[i + half] = (a - b) * scale;
  }
}

}  // namespace

Rotation::Rotation(std::size_t width, std::uint64_t seed)
    : padded_((width + kMultiple - 1) / kMultiple * kMultiple),
      power_(std::bit_floor(padded_)),
      signs_(kRounds * padded_) {
  for (std::size_t i = 0; i < signs_.size(); ++i) {
    signs_[i] = (random_bits(seed, i / 64) >> (i % 64) & 1) != 0 ? 1.0F : -1.0F;
  }
}

void Rotation::apply(std::span<float> row) const {
  assert(row.size() == padded_);
  for (std::size_t round = 0; round < kRounds; ++round) {
    const float* signs = signs_.data() + round * padded_;
    for (std::size_t i = 0; i < padded_; ++i) row[i] *= signs[i];
    hadamard(round % 2 == 0 ? row.first(power_) : row.last(power_));
    if (power_ != padded_) butterfly(row);
  }
}

}  // namespace alike::index
