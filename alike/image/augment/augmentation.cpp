#include "alike/image/augment/augmentation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"
#include "alike/base/random.h"
#include "alike/image/augment/gaussian_blur.h"
#include "alike/image/augment/to_byte.h"
#include "alike/image/resize.h"

namespace alike::image {
namespace {

constexpr std::uint8_t kGrey = 128;  // of a hole
constexpr int kCropTries = 10;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

int luma(const std::uint8_t* pixel) {
  return (19595 * pixel[0] + 38470 * pixel[1] + 7471 * pixel[2] + 32768) >> 16;
}

std::size_t place(const Image& picture, int x, int y) {
  return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
              static_cast<std::size_t>(x));
}

void check_chance(double chance, const char* name) {
  if (!(chance >= 0 && chance <= 1)) {
    refuse(std::string("Augmentation.") + name + " is " + std::to_string(chance) +
           "; it must be 0 to 1");
  }
}

void check_range(const std::pair<double, double>& range, double least, double most,
                 const char* name) {
  if (range.first >= least && range.first <= range.second && range.second <= most) return;
  refuse(std::string("Augmentation.") + name + " is " + std::to_string(range.first) + " to " +
         std::to_string(range.second) + "; it must be a range within " + std::to_string(least) +
         " to " + std::to_string(most));
}

void check(const Augmentation& how) {
  check_range(how.area, 1e-4, 1, "area");
  check_range(how.aspect, 0.01, 100, "aspect");
  check_range(how.sigma, 0, 100, "sigma");
  if (!(how.hue >= 0 && how.hue <= 0.5)) {
    refuse("Augmentation.hue is " + std::to_string(how.hue) + "; it must be 0 to 0.5");
  }
  for (const auto& [chance, name] : {std::pair{how.flip, "flip"},
                                     {how.jitter, "jitter"},
                                     {how.brightness, "brightness"},
                                     {how.contrast, "contrast"},
                                     {how.saturation, "saturation"},
                                     {how.gray, "gray"},
                                     {how.blur, "blur"},
                                     {how.cut_out, "cut_out"},
                                     {how.hole, "hole"}}) {
    check_chance(chance, name);
  }
}

double between(const std::pair<double, double>& range, Random& random) {
  return range.first + (range.second - range.first) * random.uniform();
}

/// Within 1 ± `by`.
double factor(double by, Random& random) { return 1 + by * (2 * random.uniform() - 1); }

/// A part of the picture of a random area and aspect; the largest in the middle where none of some
/// tries fits.
Box random_part(const Image& picture, const Augmentation& how, Random& random) {
  if (how.area == std::pair{1.0, 1.0} && how.aspect == std::pair{1.0, 1.0}) {
    return {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
  }
  const std::pair logs{logarithm(how.aspect.first), logarithm(how.aspect.second)};
  for (int i = 0; i < kCropTries; ++i) {
    const double area = between(how.area, random) * picture.width * picture.height;
    const double aspect = exponential(between(logs, random));
    const double width = std::round(std::sqrt(area * aspect));
    const double height = std::round(std::sqrt(area / aspect));
    const double x = random.uniform(), y = random.uniform();
    if (width < 1 || height < 1 || width > picture.width || height > picture.height) continue;
    return {std::floor(x * (picture.width - width + 1)),
            std::floor(y * (picture.height - height + 1)), width, height};
  }
  // As much as can be, in the middle, of an aspect that is allowed.
  const double width = std::min<double>(picture.width, picture.height * how.aspect.second);
  const double height = std::min<double>(picture.height, picture.width / how.aspect.first);
  return {(picture.width - width) / 2, (picture.height - height) / 2, width, height};
}

/// Turns the hue of a pixel by `turn` of the circle, with saturation and value of HSV as they are.
void turn_hue(std::uint8_t* pixel, double turn) {
  const double most = std::max({pixel[0], pixel[1], pixel[2]});
  const double least = std::min({pixel[0], pixel[1], pixel[2]});
  const double range = most - least;
  if (range == 0) return;
  const double red = pixel[0], green = pixel[1], blue = pixel[2];
  double hue = 0;  // in sixths of the circle
  if (most == red) {
    hue = (green - blue) / range;
  } else if (most == green) {
    hue = 2 + (blue - red) / range;
  } else {
    hue = 4 + (red - green) / range;
  }
  hue += 6 * turn;
  constexpr std::array<double, 3> kFrom{5, 3, 1};
  for (std::size_t c = 0; c < 3; ++c) {
    double k = std::fmod(kFrom[c] + hue, 6);
    if (k < 0) k += 6;
    pixel[c] = to_byte(most - range * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
  }
}

void dig_hole(Image& picture, double share, Random& random) {
  const int side = static_cast<int>(std::lround(std::sqrt(share * picture.width * picture.height)));
  const int width = std::min(side, picture.width), height = std::min(side, picture.height);
  const auto offset = [&](int room) {
    return static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
  };
  const int left = offset(picture.width - width), top = offset(picture.height - height);
  for (int y = top; y < top + height; ++y) {
    std::uint8_t* row = picture.rgb.data() + place(picture, left, y);
    std::fill(row, row + 3 * static_cast<std::size_t>(width), kGrey);
  }
}

}  // namespace

Augmentation simclr_augmentation(int size) {
  return {.area = {0.08, 1},
          .aspect = {3.0 / 4, 4.0 / 3},
          .flip = 0.5,
          .jitter = 0.8,
          .brightness = 0.8,
          .contrast = 0.8,
          .saturation = 0.8,
          .hue = 0.2,
          .gray = 0.2,
          .blur = size < 64 ? 0.0 : 0.5};
}

Image flipped(Image picture) {
  for (int y = 0; y < picture.height; ++y) {
    for (int left = 0, right = picture.width - 1; left < right; ++left, --right) {
      std::uint8_t* a = picture.rgb.data() + place(picture, left, y);
      std::swap_ranges(a, a + 3, picture.rgb.data() + place(picture, right, y));
    }
  }
  return picture;
}

Image turned(const Image& picture, int turns) {
  if (turns < 0 || turns > 3) {
    refuse("a picture is turned by 0 to 3 quarters, not by " + std::to_string(turns));
  }
  const bool lies = turns % 2 != 0;
  Image result{lies ? picture.height : picture.width, lies ? picture.width : picture.height,
               std::vector<std::uint8_t>(picture.rgb.size())};
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const int right = picture.width - 1 - x, down = picture.height - 1 - y;
      const std::array<std::array<int, 2>, 4> to{{{x, y}, {down, x}, {right, down}, {y, right}}};
      const auto& [tx, ty] = to[static_cast<std::size_t>(turns)];
      std::copy_n(picture.rgb.data() + place(picture, x, y), 3,
                  result.rgb.data() + place(result, tx, ty));
    }
  }
  return result;
}

Image without_color(Image picture) {
  for (std::size_t i = 0; i + 2 < picture.rgb.size(); i += 3) {
    const auto value = static_cast<std::uint8_t>(luma(&picture.rgb[i]));
    std::fill_n(&picture.rgb[i], 3, value);
  }
  return picture;
}

Image recolored(Image picture, double brightness, double contrast, double saturation, double hue) {
  auto& rgb = picture.rgb;
  if (brightness != 1) {
    for (auto& value : rgb) value = to_byte(value * brightness);
  }
  if (contrast != 1) {
    double mean = 0;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) mean += luma(&rgb[i]);
    mean = std::round(mean * 3 / static_cast<double>(std::max<std::size_t>(1, rgb.size())));
    for (auto& value : rgb) value = to_byte(mean + contrast * (value - mean));
  }
  if (saturation != 1) {
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
      const double gray = luma(&rgb[i]);
      for (std::size_t c = i; c < i + 3; ++c) rgb[c] = to_byte(gray + saturation * (rgb[c] - gray));
    }
  }
  if (hue != 0) {
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) turn_hue(&rgb[i], hue);
  }
  return picture;
}

std::vector<Image> tiles(const Image& picture, int side) {
  if (side < 1 || side > std::min(picture.width, picture.height)) {
    refuse("a picture of " + std::to_string(picture.width) + " × " +
           std::to_string(picture.height) + " pixels has no " + std::to_string(side) +
           " tiles a side");
  }
  const int width = picture.width / side, height = picture.height / side;
  std::vector<Image> all;
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      Image tile{width, height, {}};
      for (int y = row * height; y < (row + 1) * height; ++y) {
        const std::uint8_t* from = picture.rgb.data() + place(picture, column * width, y);
        tile.rgb.insert(tile.rgb.end(), from, from + 3 * static_cast<std::size_t>(width));
      }
      all.push_back(std::move(tile));
    }
  }
  return all;
}

Image augment(const Image& picture, const Augmentation& how, int size, std::uint64_t seed) {
  check(how);
  if (picture.rgb.empty()) refuse("a picture without pixels cannot be augmented");
  Random random(seed);
  Image made =
      resize(picture, random_part(picture, how, random), size, size, Interpolation::bilinear);
  const auto happens = [&](double chance) { return random.uniform() < chance; };
  if (happens(how.flip)) made = flipped(std::move(made));
  if (happens(how.jitter)) {
    const double brightness = factor(how.brightness, random);
    const double contrast = factor(how.contrast, random);
    const double saturation = factor(how.saturation, random);
    made = recolored(std::move(made), brightness, contrast, saturation,
                     how.hue * (2 * random.uniform() - 1));
  }
  if (happens(how.gray)) made = without_color(std::move(made));
  if (happens(how.blur)) made = gaussian_blur(std::move(made), between(how.sigma, random));
  if (happens(how.cut_out)) dig_hole(made, how.hole, random);
  return made;
}

}  // namespace alike::image
