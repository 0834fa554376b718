#include "alike/image/augment/corruptions.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/math/normal.h"
#include "alike/base/random.h"
#include "alike/image/augment/gaussian_blur.h"
#include "alike/image/augment/to_byte.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"
#include "alike/image/write.h"

namespace alike::image {
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

Image add_noise(Image picture, double deviation, std::uint64_t seed) {
  Random random(seed);
  for (std::uint8_t& value : picture.rgb) {
    value = to_byte(value + 255 * deviation * near_normal(random));
  }
  return picture;
}

Image crop(const Image& picture, double share, std::uint64_t seed) {
  Random random(seed);
  const double width = std::max(1.0, share * picture.width);
  const double height = std::max(1.0, share * picture.height);
  const double x = random.uniform() * (picture.width - width);
  const double y = random.uniform() * (picture.height - height);
  return resize(picture, {x, y, width, height}, picture.width, picture.height,
                Interpolation::bilinear);
}

/// The picture between its pixels, whose middles lie at whole numbers; the edge goes on.
double value_at(const Image& picture, double x, double y, std::size_t channel) {
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

Image rotate(const Image& picture, int strength, std::uint64_t seed) {
  const auto& [cosine, sine_up] = kTurns[static_cast<std::size_t>(strength - 1)];
  const double sine = (random_bits(seed, 0) & 1) != 0 ? sine_up : -sine_up;
  const double cx = (picture.width - 1) / 2.0, cy = (picture.height - 1) / 2.0;
  Image turned = picture;
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
Image brighten(Image picture, double more) {
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

Image corrupt(const Image& picture, Corruption corruption, int strength, std::uint64_t seed) {
  const double parameter = parameter_of(corruption, strength);
  if (picture.rgb.empty()) {
    throw Error(ErrorCode::invalid_argument, "a picture without pixels cannot be corrupted");
  }
  switch (corruption) {
    case Corruption::noise: return add_noise(picture, parameter, seed);
    case Corruption::blur:
      return gaussian_blur(picture,
                           parameter * std::min(picture.width, picture.height) / kBlurSide);
    case Corruption::jpeg: return decode(encode_jpeg(picture, static_cast<int>(parameter)));
    case Corruption::crop: return crop(picture, parameter, seed);
    case Corruption::rotation: return rotate(picture, strength, seed);
    case Corruption::brightness: return brighten(picture, parameter);
  }
  return picture;
}

}  // namespace alike::image
