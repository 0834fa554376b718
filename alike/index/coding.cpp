#include "alike/index/coding.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "alike/index/bit_dot.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kSeed = 20240521;
constexpr std::size_t kFactors = 4;
constexpr std::uint64_t kCenterRows = 4096;
/// Rounding of a key, the exact one too, as a part of the sizes it is a difference of.
constexpr float kRounding = 0x1p-17F;
constexpr float kLargestLevel = 7;
/// Deviation of a sign code of any rotated row: √(π/2 − 1).
constexpr double kSignDeviation = 0.7555;

double dot(std::span<const float> a, std::span<const float> b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.0, std::plus<>(),
                               [](double x, double y) { return x * y; });
}

/// Whether the exact distance of a row of this length is one: its square must be a float.
bool measurable(double length) { return length == 0 || (length > 1e-17 && length < 1e19); }

/// What is kept of one row besides its signs.
struct Factors {
  double along = 0, square = 0, scale = 0, error = 0;

  bool finite() const { return std::isfinite(static_cast<float>(along + square + scale + error)); }
};

}  // namespace

Coding::Coding(Metric metric, std::vector<float> center)
    : metric_(metric),
      center_(std::move(center)),
      direction_(center_),
      rotation_(center_.size(), kSeed) {
  center_length_ = std::sqrt(dot(center_, center_));
  for (float& value : direction_) {
    value = center_length_ > 0 ? static_cast<float>(value / center_length_) : 0;
  }
}

std::size_t Coding::bytes_per_row(std::size_t width) {
  return kFactors * sizeof(float) + (width + 63) / 64 * sizeof(std::uint64_t);
}

std::vector<std::byte> Coding::encode(const float* rows, std::size_t count) const {
  const std::size_t padded = rotation_.padded();
  std::vector<float> factors(kFactors * count), rest(padded);
  std::vector<std::uint64_t> signs(count * words());
  for (std::size_t r = 0; r < count; ++r) {
    const std::span<const float> row(rows + r * width(), width());
    const double length = metric_ == Metric::cosine ? std::sqrt(dot(row, row)) : 1;
    const double unit = length > 0 ? 1 / length : 0;
    Factors kept;
    const double along = dot(row, direction_) * unit;
    std::fill(rest.begin(), rest.end(), 0.0F);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double value = row[i] * unit;
      rest[i] = static_cast<float>(value - along * direction_[i]);
      kept.square += (value - center_[i]) * (value - center_[i]);
    }
    rotation_.apply(rest);
    double size = 0;  // Σ |rᵢ| = 2 ⟨s, r⟩
    for (std::size_t i = 0; i < padded; ++i) {
      size += std::abs(rest[i]);
      if (rest[i] >= 0) signs[r * words() + i / 64] |= std::uint64_t{1} << (i % 64);
    }
    const double rest_square = dot(rest, rest);
    const auto n = static_cast<double>(padded);
    kept.along = metric_ == Metric::l2 ? along - center_length_ : along;
    if (metric_ != Metric::l2) kept.square = 0;
    if (size != 0) {  // or not a number
      kept.scale = 2 * rest_square / size;
      kept.error =
          std::sqrt(std::max(0.0, n * rest_square / (size * size) - 1) * rest_square / (n - 1));
    }
    if (!kept.finite() || !measurable(length))
      kept = {0, 0, 0, std::numeric_limits<double>::infinity()};
    factors[r] = static_cast<float>(kept.along);
    factors[count + r] = static_cast<float>(kept.square);
    factors[2 * count + r] = static_cast<float>(kept.scale);
    factors[3 * count + r] = static_cast<float>(kept.error);
  }
  std::vector<std::byte> codes(count * bytes_per_row(width()));
  std::memcpy(codes.data(), factors.data(), factors.size() * sizeof(float));
  std::memcpy(codes.data() + factors.size() * sizeof(float), signs.data(),
              signs.size() * sizeof(std::uint64_t));
  return codes;
}

CodeBlock Coding::view(const std::byte* codes, std::size_t rows, std::size_t first,
                       std::size_t count) const {
  const float* factors = reinterpret_cast<const float*>(codes) + first;
  const auto* signs =
      reinterpret_cast<const std::uint64_t*>(codes + kFactors * rows * sizeof(float));
  return {count,
          factors,
          factors + rows,
          factors + 2 * rows,
          factors + 3 * rows,
          signs + first * words()};
}

QueryCode Coding::query(std::span<const float> query, double deviations) const {
  const std::size_t padded = rotation_.padded();
  const double along = dot(query, direction_);
  std::vector<float> rest(padded);
  double square = 0;
  for (std::size_t i = 0; i < query.size(); ++i) {
    rest[i] = static_cast<float>(query[i] - along * direction_[i]);
    square += (double{query[i]} - center_[i]) * (double{query[i]} - center_[i]);
  }
  rotation_.apply(rest);

  QueryCode code;
  const float largest = std::transform_reduce(
      rest.begin(), rest.end(), 0.0F, [](float a, float b) { return std::max(a, b); },
      [](float value) { return std::abs(value); });
  code.unit = largest / kLargestLevel;
  code.planes.resize(kQueryBits * words());
  double sum = 0, length = 0, lost = 0;
  for (std::size_t i = 0; i < padded; ++i) {
    const auto level = code.unit > 0 ? static_cast<int>(std::lround(rest[i] / code.unit)) : 0;
    const double value = double{code.unit} * level;
    for (std::size_t p = 0; p < kQueryBits; ++p) {
      const auto bit = static_cast<std::uint64_t>(level) >> p & 1;
      code.planes[p * words() + i / 64] |= bit << (i % 64);
    }
    sum += value;
    length += value * value;
    lost += (rest[i] - value) * (rest[i] - value);
  }
  code.half_sum = static_cast<float>(sum / 2);
  const bool l2 = metric_ == Metric::l2;
  const double own = l2 ? along - center_length_ : along;
  code.base = static_cast<float>(l2 ? square : 0);
  code.slope = static_cast<float>(l2 ? -2 * own : -own);
  code.weight = l2 ? 2 : 1;
  code.size =
      metric_ == Metric::cosine ? 1 : 0;  // |o| |q|: of a row across the query nothing is left
  // The levels' own error is independent of that of the signs, so that squares add up.
  const double whole = std::sqrt(length + lost / (kSignDeviation * kSignDeviation));
  code.reach = static_cast<float>(deviations * double{code.weight} * whole);
  return code;
}

void Coding::bound(const QueryCode& query, const CodeBlock& codes, const std::int32_t* products,
                   float* lower, float* upper) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (std::size_t r = 0; r < codes.rows; ++r) {
    const float product =
        codes.scale[r] * (query.unit * static_cast<float>(products[r]) - query.half_sum);
    const float known = query.slope * codes.along[r];
    const float key = query.base + codes.square[r] + known - query.weight * product;
    const float sizes =
        query.size + query.base + codes.square[r] + std::abs(known) + std::abs(product);
    const float reach = query.reach * codes.error[r] + kRounding * sizes;
    const bool bounded = std::abs(key) + reach < kInfinity;  // false for what is not a number too
    lower[r] = bounded ? key - reach : -kInfinity;
    upper[r] = bounded ? key + reach : kInfinity;
  }
}

std::vector<float> center_of(const RowSource& rows, Metric metric) {
  std::vector<double> sum(rows.width());
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < rows.block_count() && count < kCenterRows; ++i) {
    const RowBlock block = rows.block(i);
    for (std::size_t r = 0; r < block.rows && count < kCenterRows; ++r) {
      if (block.dead != nullptr && block.dead[r] != 0) continue;
      const std::span<const float> row(block.values + r * sum.size(), sum.size());
      const double length = metric == Metric::cosine ? std::sqrt(dot(row, row)) : 1;
      if (!(length > 0)) continue;
      for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += row[d] / length;
      ++count;
    }
  }
  std::vector<float> center(sum.size());
  for (std::size_t d = 0; d < sum.size() && count > 0; ++d) {
    center[d] = static_cast<float>(sum[d] / static_cast<double>(count));
  }
  const bool finite = std::isfinite(static_cast<float>(std::sqrt(dot(center, center))));
  return finite ? center : std::vector<float>(sum.size());
}

}  // namespace alike::index
