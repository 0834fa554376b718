#include "alike/image/thumbnail.h"

#include <algorithm>
#include <cmath>

#include "alike/image/decode.h"
#include "alike/image/resize.h"

namespace alike::image {

Image thumbnail(std::span<const std::byte> bytes, int width, int height) {
  const Header header = inspect(bytes);
  const double scale = std::min({1.0, static_cast<double>(width) / header.width,
                                 static_cast<double>(height) / header.height});
  const int wide = std::max(1, static_cast<int>(std::lround(header.width * scale)));
  const int high = std::max(1, static_cast<int>(std::lround(header.height * scale)));
  const Box whole{0, 0, static_cast<double>(header.width), static_cast<double>(header.height)};
  const Crop crop = decode_crop(bytes, whole, wide, high);
  return resize(crop.pixels, crop.box, wide, high, Interpolation::bicubic);
}

}  // namespace alike::image
