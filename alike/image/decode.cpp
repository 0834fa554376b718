#include "alike/image/decode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "alike/base/error.h"
#include "alike/image/codecs/codec.h"
#include "alike/image/codecs/exif.h"
#include "alike/image/codecs/jpeg.h"
#include "alike/image/codecs/png.h"
#include "alike/image/codecs/sniff.h"
#include "alike/image/codecs/webp.h"
#include "alike/image/color.h"
#include "alike/image/orientation.h"

namespace alike::image {
namespace {

/// Pixels of a JPEG times its scans: each scan goes over all pixels, however few bytes it has. The
/// largest picture may have twelve; the usual number is ten.
constexpr std::int64_t kMaxScannedPixels = 1'200'000'000;

[[noreturn]] void refuse(const std::string& what, const std::string& limit) {
  throw Error(ErrorCode::unsupported,
              "the picture has " + what + "; alike takes at most " + limit + ": make it smaller");
}

void check(const Claim& claim, const Limits& limits) {
  if (claim.metadata_bytes > limits.max_metadata_bytes) {
    refuse("more than " + std::to_string(limits.max_metadata_bytes) + " bytes of metadata",
           "that much");
  }
  if (claim.scans > limits.max_scans) {
    refuse("more than " + std::to_string(limits.max_scans) + " scans", "that many");
  }
  if (claim.width <= 0 || claim.height <= 0) {
    throw Error(ErrorCode::corrupt, "the picture states no size; copy it again from its source");
  }
  if (std::max(claim.width, claim.height) > limits.max_side) {
    refuse(std::to_string(claim.width) + " × " + std::to_string(claim.height) + " pixels",
           std::to_string(limits.max_side) + " a side");
  }
  if (static_cast<std::uint64_t>(claim.width * claim.height) > limits.max_pixels) {
    refuse(std::to_string(claim.width) + " × " + std::to_string(claim.height) + " pixels",
           std::to_string(limits.max_pixels) + " in all");
  }
  if (claim.scans > 1 && claim.width * claim.height > kMaxScannedPixels / claim.scans) {
    refuse(std::to_string(claim.width * claim.height) + " pixels in " +
               std::to_string(claim.scans) + " scans",
           std::to_string(kMaxScannedPixels) + " of pixels times scans");
  }
}

Claim checked_claim(Format format, Bytes bytes, const Limits& limits) {
  Claim claim;
  switch (format) {
    case Format::jpeg: claim = jpeg_claim(bytes, limits); break;
    case Format::png: claim = png_claim(bytes); break;
    case Format::webp: claim = webp_claim(bytes); break;
  }
  check(claim, limits);
  return claim;
}

Raster read(Format format, Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits) {
  switch (format) {
    case Format::jpeg: return decode_jpeg(bytes, std::move(claim), wanted);
    case Format::png: return decode_png(bytes, wanted, limits);
    case Format::webp: break;
  }
  return decode_webp(bytes, std::move(claim), wanted);
}

Header header_of(Format format, const Claim& claim) {
  Header header;
  header.format = format;
  header.orientation = exif_orientation(claim.exif);
  header.width = static_cast<int>(claim.width);
  header.height = static_cast<int>(claim.height);
  if (swaps_sides(header.orientation)) std::swap(header.width, header.height);
  return header;
}

/// `box` of the upright picture, read, coloured and turned.
Crop read_upright(Bytes bytes, Claim claim, const Header& header, const Wanted& wanted,
                  const Limits& limits) {
  const int orientation = header.orientation;
  const bool swap = swaps_sides(orientation);
  const Wanted stored{to_stored(wanted.box, static_cast<int>(claim.width),
                                static_cast<int>(claim.height), orientation),
                      swap ? wanted.min_height : wanted.min_width,
                      swap ? wanted.min_width : wanted.min_height};
  Raster raster = read(header.format, bytes, std::move(claim), stored, limits);
  convert_to_srgb(raster.pixels, raster.profile, raster.grey);
  Crop crop;
  crop.box = to_upright(raster.box, raster.pixels.width, raster.pixels.height, orientation);
  crop.pixels = upright(std::move(raster.pixels), orientation);
  return crop;
}

bool lies_inside(const Box& box, const Header& header) {
  return box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 &&
         box.x + box.width <= header.width && box.y + box.height <= header.height;
}

}  // namespace

std::string_view name_of(Format format) noexcept {
  switch (format) {
    case Format::jpeg: return "jpeg";
    case Format::png: return "png";
    case Format::webp: break;
  }
  return "webp";
}

Header inspect(std::span<const std::byte> bytes, const Limits& limits) {
  const Format format = sniff(bytes);
  return header_of(format, checked_claim(format, bytes, limits));
}

Image decode(std::span<const std::byte> bytes, const Limits& limits) {
  const Format format = sniff(bytes);
  Claim claim = checked_claim(format, bytes, limits);
  const Header header = header_of(format, claim);
  const Box whole{0, 0, static_cast<double>(header.width), static_cast<double>(header.height)};
  const Wanted wanted{whole, header.width, header.height};
  return read_upright(bytes, std::move(claim), header, wanted, limits).pixels;
}

Crop decode_crop(std::span<const std::byte> bytes, const Box& box, int min_width, int min_height,
                 const Limits& limits) {
  const Format format = sniff(bytes);
  Claim claim = checked_claim(format, bytes, limits);
  const Header header = header_of(format, claim);
  if (!lies_inside(box, header)) {
    throw Error(ErrorCode::invalid_argument,
                "the region reaches outside the picture of " + std::to_string(header.width) +
                    " × " + std::to_string(header.height) + " pixels; keep it inside");
  }
  return read_upright(bytes, std::move(claim), header, {box, min_width, min_height}, limits);
}

Window cover(const Box& box, int width, int height) {
  // Sums and divisions of doubles stray by far less than this from whole numbers.
  constexpr double kSlack = 1e-6;
  const auto inside = [](double value, int low, int high) {
    return static_cast<int>(std::clamp(value, double(low), double(high)));
  };
  const int left = inside(std::floor(box.x + kSlack), 0, width - 1);
  const int top = inside(std::floor(box.y + kSlack), 0, height - 1);
  const int right = inside(std::ceil(box.x + box.width - kSlack), left + 1, width);
  const int bottom = inside(std::ceil(box.y + box.height - kSlack), top + 1, height);
  return {left, top, right - left, bottom - top};
}

Box within(const Box& box, const Window& window) {
  const double x = std::max(0.0, box.x - window.x), y = std::max(0.0, box.y - window.y);
  return {x, y, std::min(box.width, window.width - x), std::min(box.height, window.height - y)};
}

void put_on_white(const std::uint8_t* rgba, int pixels, std::uint8_t* rgb) {
  for (int i = 0; i < pixels; ++i, rgba += 4, rgb += 3) {
    const int alpha = rgba[3];
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>((rgba[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
}

}  // namespace alike::image
