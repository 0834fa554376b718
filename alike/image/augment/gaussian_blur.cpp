#include "alike/image/augment/gaussian_blur.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"
#include "alike/image/augment/to_byte.h"

namespace alike::image {
namespace {

/// Weights of the Gaussian from its middle outwards, to 4 σ.
std::vector<double> gaussian(double sigma) {
  std::vector<double> weights;
  for (int i = 0; i <= static_cast<int>(std::ceil(4 * sigma)); ++i) {
    weights.push_back(exponential(-0.5 * i * i / (sigma * sigma)));
  }
  double sum = -weights[0];
  for (const double weight : weights) sum += 2 * weight;
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// `count` values that lie `stride` apart from `from`, blurred into `to`; the edge goes on.
void blur_line(const double* from, double* to, int count, std::size_t stride,
               const std::vector<double>& weights) {
  const auto at = [&](int i) {
    return from[static_cast<std::size_t>(std::clamp(i, 0, count - 1)) * stride];
  };
  for (int i = 0; i < count; ++i) {
    double sum = weights[0] * at(i);
    for (int j = 1; j < static_cast<int>(weights.size()); ++j) {
      sum += weights[static_cast<std::size_t>(j)] * (at(i - j) + at(i + j));
    }
    to[static_cast<std::size_t>(i) * stride] = sum;
  }
}

}  // namespace

Image gaussian_blur(Image picture, double sigma) {
  constexpr double kLeast = 1e-3, kMost = 1000;
  if (!(sigma <= kMost)) {
    throw Error(ErrorCode::invalid_argument, "the sigma of a blur is " + std::to_string(sigma) +
                                                 "; it must be at most 1000 pixels");
  }
  if (picture.rgb.empty() || sigma < kLeast) return picture;
  const auto weights = gaussian(sigma);
  const std::vector<double> values(picture.rgb.begin(), picture.rgb.end());
  std::vector<double> rows(values.size()), both(values.size());
  const auto width = static_cast<std::size_t>(picture.width);
  const auto height = static_cast<std::size_t>(picture.height);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t at = y * width * 3 + c;
      blur_line(&values[at], &rows[at], picture.width, 3, weights);
    }
  }
  for (std::size_t at = 0; at < width * 3; ++at) {
    blur_line(&rows[at], &both[at], picture.height, width * 3, weights);
  }
  std::ranges::transform(both, picture.rgb.begin(), to_byte);
  return picture;
}

}  // namespace alike::image
