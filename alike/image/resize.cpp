#include "alike/image/resize.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "alike/base/cpu.h"
#include "alike/base/error.h"
#include "alike/image/decode.h"
#include "alike/image/resample.h"

namespace alike::image {
namespace {

/// Pixels a reduced JPEG keeps for each target pixel. A reduction in the coded frequencies filters
/// in its own way; enough pixels must be left for the bicubic filter to decide. To 224 pixels from
/// 12 megapixels, against full decoding: 1.5 × left 45.6 dB, 2.9 × 53.3 dB, 5.9 × 57.0 dB.
constexpr int kReserve = 2;

void check(const Image& source, const Box& box, int width, int height) {
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::invalid_argument, "the requested size is " + std::to_string(width) +
                                                 " × " + std::to_string(height) +
                                                 " pixels; each must be at least 1");
  }
  const bool inside = box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 &&
                      box.x + box.width <= source.width && box.y + box.height <= source.height;
  if (!inside) {
    throw Error(ErrorCode::invalid_argument,
                "the box reaches outside the picture of " + std::to_string(source.width) + " × " +
                    std::to_string(source.height) + " pixels; keep it inside");
  }
}

std::size_t row_bytes(int width) { return std::size_t{3} * static_cast<std::size_t>(width); }

const std::uint8_t* row_of(const Image& image, int y) {
  return image.rgb.data() + static_cast<std::size_t>(y) * row_bytes(image.width);
}

/// Rows [first, last) of `source`, each scaled to `width`.
Image scale_rows(const Image& source, const Box& box, int width, Interpolation interpolation,
                 int first, int last) {
  const bool same = width == source.width && box.x == 0 && box.width == source.width;
  if (same) {
    return {
        width, last - first, {row_of(source, first), row_of(source, last - 1) + row_bytes(width)}};
  }
  const Passes passes = simd_level() == Simd::scalar ? scalar_passes() : avx2_passes();
  const Weights weights = make_weights(source.width, box.x, box.width, width, interpolation);
  Image scaled{width, last - first, {}};
  scaled.rgb.resize(row_bytes(width) * static_cast<std::size_t>(last - first));
  passes.row(row_of(source, first), source.width, last - first, weights, scaled.rgb.data());
  return scaled;
}

}  // namespace

Image resize(const Image& source, const Box& box, int width, int height,
             Interpolation interpolation) {
  check(source, box, width, height);
  const bool same = height == source.height && box.y == 0 && box.height == source.height;
  if (same) return scale_rows(source, box, width, interpolation, 0, height);
  Weights weights = make_weights(source.height, box.y, box.height, height, interpolation);
  const int first = weights.first.front();
  const int last = weights.first.back() + weights.count.back();
  const Image rows = scale_rows(source, box, width, interpolation, first, last);
  for (int& row : weights.first) row -= first;
  const Passes passes = simd_level() == Simd::scalar ? scalar_passes() : avx2_passes();
  Image scaled{width, height, {}};
  scaled.rgb.resize(row_bytes(width) * static_cast<std::size_t>(height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    passes.column(rows.rgb.data(), row_bytes(width), weights, y,
                  scaled.rgb.data() + y * row_bytes(width));
  }
  return scaled;
}

std::string_view name_of(Interpolation interpolation) noexcept {
  return interpolation == Interpolation::bilinear ? "bilinear" : "bicubic";
}

Box center_square(int width, int height, const Framing& framing) {
  const int side = std::max(1, static_cast<int>(framing.crop_fraction * std::min(width, height)));
  const int left = (width - side + 1) / 2;
  const int top = (height - side + 1) / 2;
  return {static_cast<double>(left), static_cast<double>(top), static_cast<double>(side),
          static_cast<double>(side)};
}

Image prepare(std::span<const std::byte> bytes, const Framing& framing,
              const std::optional<Box>& region) {
  if (framing.size < 1 || !(framing.crop_fraction > 0 && framing.crop_fraction <= 1)) {
    throw Error(ErrorCode::invalid_argument, "Framing has size " + std::to_string(framing.size) +
                                                 " and crop_fraction " +
                                                 std::to_string(framing.crop_fraction) +
                                                 "; they must be at least 1 and in (0, 1]");
  }
  Box box;
  if (region) {
    box = *region;
  } else {
    const Header header = inspect(bytes);
    box = center_square(header.width, header.height, framing);
  }
  const int enough = kReserve * framing.size;
  const Crop crop = decode_crop(bytes, box, enough, enough);
  return resize(crop.pixels, crop.box, framing.size, framing.size, framing.interpolation);
}

}  // namespace alike::image
