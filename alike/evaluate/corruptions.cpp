#include "alike/evaluate/corruptions.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"
#include "alike/image/write.h"
#include "alike/map/exponential.h"

namespace alike::evaluate {
namespace {

struct Kind {
  std::string_view name;
  std::array<double, kStrengths> parameters;
};

/// In the order of `Corruption`.
constexpr std::array<Kind, 6> kKinds{{{"noise", {0.08, 0.12, 0.18, 0.26, 0.38}},
                                      {"blur", {1, 2, 3, 4, 6}},
                                      {"jpeg", {25, 18, 15, 10, 7}},
                                      {"crop", {0.9, 0.8, 0.7, 0.6, 0.5}},
                                      {"rotation", {5, 10, 20, 30, 45}},
                                      {"brightness", {0.1, 0.2, 0.3, 0.4, 0.5}}}};

constexpr double kBlurSide = 224;  // the side that the radii are meant for

/// cos and sin of the angles of `rotation`.
constexpr std::array<std::array<double, 2>, kStrengths> kTurns{
    {{0.99619469809174553230, 0.08715574274765817356},
     {0.98480775301220805937, 0.17364817766693034885},
     {0.93969262078590838405, 0.34202014332566873304},
     {0.86602540378443864676, 0.5},
     {0.70710678118654752440, 0.70710678118654752440}}};

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// Mean 0, variance 1: the sum of twelve uniform numbers less 6, which needs no logarithm.
double nearly_normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 3; ++i) {
    std::uint64_t bits = random();
    for (int j = 0; j < 4; ++j, bits >>= 16) {
      sum += (static_cast<double>(bits & 0xffff) + 0.5) / 65536;
    }
  }
  return sum;
}

image::Image add_noise(image::Image picture, double deviation, std::uint64_t seed) {
  Random random(seed);
  for (std::uint8_t& value : picture.rgb) {
    value = to_byte(value + 255 * deviation * nearly_normal(random));
  }
  return picture;
}

/// Weights of the Gaussian from its middle outwards, to 4 σ.
std::vector<double> gaussian(double sigma) {
  std::vector<double> weights;
  for (int i = 0; i <= static_cast<int>(std::ceil(4 * sigma)); ++i) {
    weights.push_back(map::exponential(-0.5 * i * i / (sigma * sigma)));
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

image::Image blur(image::Image picture, double radius) {
  const auto weights = gaussian(radius * std::min(picture.width, picture.height) / kBlurSide);
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

image::Image crop(const image::Image& picture, double share, std::uint64_t seed) {
  Random random(seed);
  const double width = std::max(1.0, share * picture.width);
  const double height = std::max(1.0, share * picture.height);
  const double x = random.uniform() * (picture.width - width);
  const double y = random.uniform() * (picture.height - height);
  return image::resize(picture, {x, y, width, height}, picture.width, picture.height,
                       image::Interpolation::bilinear);
}

/// The picture between its pixels, whose middles lie at whole numbers; the edge goes on.
double value_at(const image::Image& picture, double x, double y, std::size_t channel) {
  x = std::clamp(x, 0.0, picture.width - 1.0);
  y = std::clamp(y, 0.0, picture.height - 1.0);
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  const int right = std::min(left + 1, picture.width - 1);
  const int bottom = std::min(top + 1, picture.height - 1);
  const auto pixel = [&](int px, int py) {
    const auto place = static_cast<std::size_t>(py) * static_cast<std::size_t>(picture.width) +
                       static_cast<std::size_t>(px);
    return static_cast<double>(picture.rgb[place * 3 + channel]);
  };
  const double fx = x - left, fy = y - top;
  const double above = pixel(left, top) + fx * (pixel(right, top) - pixel(left, top));
  const double below = pixel(left, bottom) + fx * (pixel(right, bottom) - pixel(left, bottom));
  return above + fy * (below - above);
}

image::Image rotate(const image::Image& picture, int strength, std::uint64_t seed) {
  const auto& [cosine, sine_up] = kTurns[static_cast<std::size_t>(strength - 1)];
  const double sine = (random_bits(seed, 0) & 1) != 0 ? sine_up : -sine_up;
  const double cx = (picture.width - 1) / 2.0, cy = (picture.height - 1) / 2.0;
  image::Image turned = picture;
  std::size_t to = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double dx = x - cx, dy = y - cy;
      for (std::size_t c = 0; c < 3; ++c) {
        turned.rgb[to++] = to_byte(
            value_at(picture, cx + cosine * dx + sine * dy, cy + cosine * dy - sine * dx, c));
      }
    }
  }
  return turned;
}

/// Adds to V of HSV, which is the largest of the three; hue and saturation stay.
image::Image brighten(image::Image picture, double more) {
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    std::uint8_t* pixel = &picture.rgb[i];
    const double value = std::max({pixel[0], pixel[1], pixel[2]});
    const double brighter = std::min(255.0, value + 255 * more);
    for (int c = 0; c < 3; ++c)
      pixel[c] = to_byte(value > 0 ? pixel[c] * brighter / value : brighter);
  }
  return picture;
}

}  // namespace

std::string_view name_of(Corruption corruption) noexcept {
  return kKinds[static_cast<std::size_t>(corruption)].name;
}

Corruption corruption_from(std::string_view name) {
  for (const Corruption corruption : kCorruptions) {
    if (name_of(corruption) == name) return corruption;
  }
  throw Error(ErrorCode::invalid_argument,
              "there is no corruption '" + std::string(name) +
                  "'; there are noise, blur, jpeg, crop, rotation and brightness");
}

double parameter_of(Corruption corruption, int strength) {
  if (strength < 1 || strength > kStrengths) {
    throw Error(ErrorCode::invalid_argument, "the strength of a corruption is " +
                                                 std::to_string(strength) + "; it must be 1 to 5");
  }
  return kKinds[static_cast<std::size_t>(corruption)]
      .parameters[static_cast<std::size_t>(strength - 1)];
}

image::Image corrupt(const image::Image& picture, Corruption corruption, int strength,
                     std::uint64_t seed) {
  const double parameter = parameter_of(corruption, strength);
  if (picture.rgb.empty()) {
    throw Error(ErrorCode::invalid_argument, "a picture without pixels cannot be corrupted");
  }
  switch (corruption) {
    case Corruption::noise: return add_noise(picture, parameter, seed);
    case Corruption::blur: return blur(picture, parameter);
    case Corruption::jpeg:
      return image::decode(image::encode_jpeg(picture, static_cast<int>(parameter)));
    case Corruption::crop: return crop(picture, parameter, seed);
    case Corruption::rotation: return rotate(picture, strength, seed);
    case Corruption::brightness: return brighten(picture, parameter);
  }
  return picture;
}

}  // namespace alike::evaluate
