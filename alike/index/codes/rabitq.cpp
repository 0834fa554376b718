#include "alike/index/codes/rabitq.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "alike/index/kernels/bit_dot.h"

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
constexpr std::size_t kFineFactors = 2;
/// Steps of the uniform quantizer of 1 to 8 bits that loses least of a normal distribution, in its
/// deviations (Max, "Quantizing for minimum distortion", 1960): so are the numbers of a rotated
/// row.
constexpr double kSteps[] = {0, 1.5958, 0.9957, 0.5860, 0.3352, 0.1881, 0.1041, 0.0569, 0.0308};
/// Sums of products with numbers of a byte stay in 32 bits (`PackedDot`).
constexpr double kLevelSum = 1 << 23;

double dot(std::span<const float> a, std::span<const float> b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.0, std::plus<>(),
                               [](double x, double y) { return x * y; });
}

/// Whether the exact distance of a row of this length is one: its square must be a float.
bool measurable(double length) { return length == 0 || (length > 1e-17 && length < 1e19); }

/// The factors of one row, stored besides its signs.
struct Factors {
  double along = 0, square = 0, scale = 0, error = 0;

  bool finite() const { return std::isfinite(static_cast<float>(along + square + scale + error)); }
};

/// The factors of the second look at one row, stored besides its bits.
struct FineFactors {
  double scale = 0, error = std::numeric_limits<double>::infinity();
};

/// Deviation of the estimate of a rotated row, per length of query: `along` is its product with its
/// code, `code_square` the product of the code with itself.
double deviation(double rest_square, double along, double code_square, std::size_t padded) {
  const double lost = std::max(0.0, code_square * rest_square / (along * along) - 1);
  return std::sqrt(lost * rest_square / (static_cast<double>(padded) - 1));
}

/// Sets the further bits (words, bits − 1) of a rotated row.
FineFactors encode_fine(std::span<const float> rest, double rest_square, std::size_t bits,
                        std::uint64_t* words) {
  const std::size_t planes = bits - 1;
  const auto n = static_cast<double>(rest.size());
  const double per_step = 1 / (kSteps[bits] * std::sqrt(rest_square / n));
  const double last = static_cast<double>((1 << planes) - 1);
  double along = 0, square = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const double step = std::floor(std::min(last, std::abs(rest[i]) * per_step));
    along += (step + 0.5) * std::abs(rest[i]);
    square += (step + 0.5) * (step + 0.5);
    const auto up = static_cast<std::uint64_t>(step);
    const std::uint64_t number = rest[i] >= 0 ? up : ~up;
    for (std::size_t p = 0; p < planes; ++p) {
      words[i / 64 * planes + p] |= (number >> (planes - 1 - p) & 1) << (i % 64);
    }
  }
  if (rest_square == 0) return {0, 0};
  const FineFactors kept{rest_square / along, deviation(rest_square, along, square, rest.size())};
  return std::isfinite(static_cast<float>(kept.scale + kept.error)) ? kept : FineFactors{};
}

std::vector<std::byte> joined(std::span<const float> factors,
                              std::span<const std::uint64_t> words) {
  std::vector<std::byte> bytes(factors.size_bytes() + words.size_bytes());
  std::ranges::copy(std::as_bytes(factors), bytes.begin());
  std::ranges::copy(std::as_bytes(words), std::span(bytes).subspan(factors.size_bytes()).begin());
  return bytes;
}

}  // namespace

Rabitq::Rabitq(Metric metric, std::vector<float> center, std::size_t bits)
    : metric_(metric),
      bits_(bits),
      center_(std::move(center)),
      direction_(center_),
      rotation_(center_.size(), kSeed) {
  center_length_ = std::sqrt(dot(center_, center_));
  for (float& value : direction_) {
    value = center_length_ > 0 ? static_cast<float>(value / center_length_) : 0;
  }
}

std::size_t Rabitq::bytes_per_row(std::size_t width) {
  return kFactors * sizeof(float) + (width + 63) / 64 * sizeof(std::uint64_t);
}

std::size_t Rabitq::fine_bytes_per_row(std::size_t width, std::size_t bits) {
  if (bits == 1) return 0;
  return kFineFactors * sizeof(float) + (width + 63) / 64 * (bits - 1) * sizeof(std::uint64_t);
}

Encoded Rabitq::encode(const float* rows, std::size_t count) const {
  const std::size_t padded = rotation_.padded();
  const std::size_t further = words() * (bits_ - 1);
  std::vector<float> fine_factors(bits_ > 1 ? kFineFactors * count : 0);
  std::vector<std::uint64_t> further_bits(count * further);
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
    kept.along = metric_ == Metric::l2 ? along - center_length_ : along;
    if (metric_ != Metric::l2) kept.square = 0;
    if (size != 0) {  // or not a number
      kept.scale = 2 * rest_square / size;
      kept.error = deviation(rest_square, size, static_cast<double>(padded), padded);
    }
    const bool open = !kept.finite() || !measurable(length);
    if (open) kept = {0, 0, 0, std::numeric_limits<double>::infinity()};
    factors[r] = static_cast<float>(kept.along);
    factors[count + r] = static_cast<float>(kept.square);
    factors[2 * count + r] = static_cast<float>(kept.scale);
    factors[3 * count + r] = static_cast<float>(kept.error);
    if (bits_ == 1) continue;
    const FineFactors fine =
        encode_fine(rest, rest_square, bits_, further_bits.data() + r * further);
    fine_factors[r] = static_cast<float>(open ? 0 : fine.scale);
    fine_factors[count + r] = static_cast<float>(open ? kept.error : fine.error);
  }
  return {joined(factors, signs), joined(fine_factors, further_bits)};
}

CodeBlock Rabitq::view(const std::byte* codes, const std::byte* fine, std::size_t rows,
                       std::size_t first, std::size_t count) const {
  const float* factors = reinterpret_cast<const float*>(codes) + first;
  const auto* signs =
      reinterpret_cast<const std::uint64_t*>(codes + kFactors * rows * sizeof(float));
  CodeBlock block{count,
                  factors,
                  factors + rows,
                  factors + 2 * rows,
                  factors + 3 * rows,
                  signs + first * words()};
  if (bits_ == 1) return block;
  block.fine_scale = reinterpret_cast<const float*>(fine) + first;
  block.fine_error = block.fine_scale + rows;
  block.rest = reinterpret_cast<const std::uint64_t*>(fine + kFineFactors * rows * sizeof(float)) +
               first * words() * (bits_ - 1);
  return block;
}

QueryCode Rabitq::query(std::span<const float> query, double deviations) const {
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
  if (bits_ > 1) add_levels(rest, deviations, code);
  return code;
}

void Rabitq::add_levels(std::span<const float> rest, double deviations, QueryCode& code) const {
  double largest = 0, length = 0, lost = 0;
  for (const float value : rest) largest = std::max(largest, std::abs(double{value}));
  const double most = std::min(127.0, std::floor(kLevelSum / static_cast<double>(rest.size())));
  const double unit = largest / most;
  for (const float value : rest) {
    const double level = unit > 0 ? std::round(value / unit) : 0;
    code.levels.push_back(static_cast<std::int8_t>(level));
    code.level_sum += code.levels.back();
    length += level * unit * level * unit;
    lost += (value - level * unit) * (value - level * unit);
  }
  const double reach = deviations * double{code.weight};
  code.level_unit = static_cast<float>(unit);
  code.fine_reach = static_cast<float>(reach * std::sqrt(length));
  code.fine_lost = static_cast<float>(reach * std::sqrt(lost) / kSteps[bits_]);
}

void Rabitq::bound(const QueryCode& query, const CodeBlock& codes, const std::int32_t* products,
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
    const bool bounded = std::abs(key) + reach < kInfinity;  // false for NaN too
    lower[r] = bounded ? key - reach : -kInfinity;
    upper[r] = bounded ? key + reach : kInfinity;
  }
}

void Rabitq::refine(const QueryCode& query, const CodeBlock& codes,
                    std::span<const std::uint32_t> which, const std::int32_t* products,
                    float* lower, float* upper) const {
  const std::int64_t middle = ((1 << bits_) - 1) * query.level_sum;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const std::size_t r = which[i];
    const auto twice = static_cast<float>(2 * std::int64_t{products[i]} - middle);
    const float product = codes.fine_scale[r] * query.level_unit * twice / 2;
    const float known = query.slope * codes.along[r];
    const float key = query.base + codes.square[r] + known - query.weight * product;
    const float sizes =
        query.size + query.base + codes.square[r] + std::abs(known) + std::abs(product);
    // Two errors independent of each other: of the row's code and of the query's levels. Squares of
    // floats may be no floats.
    const double of_code = double{query.fine_reach} * codes.fine_error[r];
    const double of_levels = double{query.fine_lost} * codes.fine_scale[r];
    const double both = std::sqrt(of_code * of_code + of_levels * of_levels);
    const float reach = static_cast<float>(both) + kRounding * sizes;
    if (!(std::abs(key) + reach < std::numeric_limits<float>::infinity())) continue;
    lower[r] = std::max(lower[r], key - reach);
    upper[r] = std::max(lower[r], std::min(upper[r], key + reach));
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
