#include "alike/image/write.h"

#include <string>

#include "alike/base/error.h"
#include "alike/image/codecs/jpeg.h"
#include "alike/image/codecs/png.h"

namespace alike::image {
namespace {

constexpr const char* kDrawing = "alike (drawing)";

void check(const Image& image) {
  if (image.width < 1 || image.height < 1 ||
      image.rgb.size() != std::size_t{3} * static_cast<std::size_t>(image.width) *
                              static_cast<std::size_t>(image.height)) {
    throw Error(ErrorCode::invalid_argument,
                "an image of " + std::to_string(image.width) + " × " +
                    std::to_string(image.height) + " pixels holds " +
                    std::to_string(image.rgb.size()) +
                    " bytes; it needs three for each pixel, and a pixel at least");
  }
}

}  // namespace

std::vector<std::byte> encode_png(const Image& image) {
  check(image);
  return write_png(image, "");
}

std::vector<std::byte> encode_drawing(const Image& image) {
  check(image);
  return write_png(image, kDrawing);
}

bool is_drawing(std::span<const std::byte> bytes) { return png_software(bytes) == kDrawing; }

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  check(image);
  constexpr int kMaxSide = 65'500;  // libjpeg's
  if (quality < 1 || quality > 100 || image.width > kMaxSide || image.height > kMaxSide) {
    throw Error(ErrorCode::invalid_argument,
                "a JPEG of " + std::to_string(image.width) + " × " + std::to_string(image.height) +
                    " pixels at quality " + std::to_string(quality) +
                    " is not possible; sides end at 65500, quality is 1 to 100");
  }
  return write_jpeg(image, quality);
}

}  // namespace alike::image
