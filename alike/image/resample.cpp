#include "alike/image/resample.h"

#include <algorithm>
#include <cmath>

namespace alike::image {
namespace {

double bilinear(double x) { return std::max(0., 1 - std::abs(x)); }

/// Keys' cubic convolution with a = −0.5 (IEEE ASSP 29, 1981, equation 15).
double bicubic(double x) {
  constexpr double kA = -0.5;
  x = std::abs(x);
  if (x < 1) return ((kA + 2) * x - (kA + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0;
}

/// As Pillow rounds: halves up, towards zero below −0.5.
int nearest(double value) {
  return static_cast<int>(value + 0.5);  // NOLINT(bugprone-incorrect-roundings)
}

std::uint8_t rounded(std::uint32_t sum) {
  const int value = static_cast<int>(sum + (1U << (kWeightBits - 1))) >> kWeightBits;
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

void scale_row(const std::uint8_t* from, const Weights& weights, std::uint8_t* to) {
  for (std::size_t x = 0; x < weights.first.size(); ++x, to += 3) {
    const int* weight = weights.weight.data() + x * static_cast<std::size_t>(weights.taps);
    const std::uint8_t* pixel = from + std::ptrdiff_t{3} * weights.first[x];
    std::uint32_t sum[3] = {};
    for (int i = 0; i < weights.count[x]; ++i, pixel += 3) {
      for (int c = 0; c < 3; ++c) sum[c] += pixel[c] * static_cast<std::uint32_t>(weight[i]);
    }
    for (int c = 0; c < 3; ++c) to[c] = rounded(sum[c]);
  }
}

void row_pass(const std::uint8_t* from, int pixels, int rows, const Weights& weights,
              std::uint8_t* to) {
  for (int y = 0; y < rows; ++y) {
    scale_row(from, weights, to);
    from += std::ptrdiff_t{3} * pixels;
    to += 3 * weights.first.size();
  }
}

void column_pass(const std::uint8_t* from, std::size_t bytes, const Weights& weights, std::size_t y,
                 std::uint8_t* to) {
  const int* weight = weights.weight.data() + y * static_cast<std::size_t>(weights.taps);
  from += static_cast<std::size_t>(weights.first[y]) * bytes;
  for (std::size_t i = 0; i < bytes; ++i) {
    std::uint32_t sum = 0;
    for (int k = 0; k < weights.count[y]; ++k) {
      sum += from[static_cast<std::size_t>(k) * bytes + i] * static_cast<std::uint32_t>(weight[k]);
    }
    to[i] = rounded(sum);
  }
}

}  // namespace

Weights make_weights(int inputs, double begin, double extent, int outputs,
                     Interpolation interpolation) {
  const bool cubic = interpolation == Interpolation::bicubic;
  const double scale = extent / outputs;
  const double stretch = std::max(1., scale);
  const double support = (cubic ? 2 : 1) * stretch;
  Weights weights;
  // A multiple of four, so that a kernel may take them by fours.
  weights.taps = (static_cast<int>(std::ceil(support)) * 2 + 1 + 3) & ~3;
  weights.weight.resize(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(weights.taps));
  std::vector<double> exact(static_cast<std::size_t>(weights.taps));
  for (int x = 0; x < outputs; ++x) {
    const double center = begin + (x + 0.5) * scale;
    const int first = std::max(0, nearest(center - support));
    const int count = std::min(inputs, nearest(center + support)) - first;
    double sum = 0;
    for (int i = 0; i < count; ++i) {
      const double distance = (i + first - center + 0.5) * (1 / stretch);
      const double value = cubic ? bicubic(distance) : bilinear(distance);
      exact[static_cast<std::size_t>(i)] = value;
      sum += value;
    }
    int* to = weights.weight.data() +
              static_cast<std::size_t>(x) * static_cast<std::size_t>(weights.taps);
    for (int i = 0; i < count; ++i) {
      const double value = exact[static_cast<std::size_t>(i)] / (sum == 0 ? 1 : sum);
      to[i] = static_cast<int>(value * (1 << kWeightBits) + (value < 0 ? -0.5 : 0.5));
    }
    weights.first.push_back(first);
    weights.count.push_back(count);
  }
  return weights;
}

Passes scalar_passes() noexcept { return {row_pass, column_pass}; }

}  // namespace alike::image
