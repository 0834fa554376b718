#include "alike/image/decode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "alike/base/error.h"
#include "alike/image/codecs/codec.h"
#include "alike/image/codecs/sniff.h"
#include "alike/image/codecs/table.h"
#include "alike/image/color.h"
#include "alike/image/orientation.h"

namespace alike::image {
namespace {

/// Scans that a JPEG of `max_held_pixels` may have: each goes over all pixels, however few bytes it
/// has. The usual number is ten.
constexpr std::uint64_t kMostWholeScans = 10;

Limits& usual() {
  static Limits limits;
  return limits;
}

bool& every_format_here() {
  static bool here = false;
  return here;
}

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " × " + std::to_string(height) + " pixels";
}

[[noreturn]] void refuse(const std::string& what, const std::string& limit) {
  throw Error(ErrorCode::unsupported, "the picture has " + what + "; " + limit);
}

void check_pixels(const Claim& claim, const Limits& limits) {
  const std::string size = size_text(claim.width, claim.height);
  if (std::max(claim.width, claim.height) > limits.max_side) {
    refuse(size, "at most " + std::to_string(limits.max_side) + " a side are read");
  }
  const auto pixels = static_cast<std::uint64_t>(claim.width * claim.height);
  if (pixels > limits.max_pixels) {
    refuse(size, "the limit max-pixels is " + std::to_string(limits.max_pixels));
  }
  if (claim.held && pixels > limits.max_held_pixels) {
    refuse(size + ", which its format makes a reader hold all at once",
           "the limit max-pixels for those is " + std::to_string(limits.max_held_pixels));
  }
  const auto scans = static_cast<std::uint64_t>(claim.scans);
  const std::uint64_t most = std::min(limits.max_held_pixels, ~std::uint64_t{0} / kMostWholeScans);
  if (scans > 1 && pixels > most * kMostWholeScans / scans) {
    refuse(size + " in " + std::to_string(scans) + " scans",
           "at most " + std::to_string(most * kMostWholeScans) + " pixels times scans are read");
  }
}

void check(const Claim& claim, const Limits& limits) {
  if (claim.scans > limits.max_scans) {
    refuse("more than " + std::to_string(limits.max_scans) + " scans", "no more are read");
  }
  if (claim.width <= 0 || claim.height <= 0) {
    throw Error(ErrorCode::corrupt, "the picture states no size; copy it again from its source");
  }
  check_pixels(claim, limits);
}

/// The codec of a format that this process may decode and this build has.
const Codec& usable(Format format) {
  const Codec& codec = codec_of(format);
  check_built(format);
  if (codec.apart && !every_format_here()) {
    throw Error(ErrorCode::unsupported,
                "this is " + std::string(codec.title) +
                    ", which only a process of its own decodes, and this program has named none; "
                    "see image::decode_apart_with");
  }
  return codec;
}

Claim checked_claim(Format format, Bytes bytes, const Limits& limits) {
  Claim claim = usable(format).claim(bytes, limits);
  check(claim, limits);
  return claim;
}

Header header_of(Format format, const Claim& claim) {
  Header header;
  header.format = format;
  header.orientation = claim.orientation;
  header.ended = claim.ended;
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
  Raster raster = codec_of(header.format).read(bytes, std::move(claim), stored, limits);
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

std::string_view name_of(Format format) noexcept { return codec_of(format).name; }

bool is_apart(Format format) noexcept { return codec_of(format).apart; }

bool is_built(Format format) noexcept { return codec_of(format).claim != nullptr; }

void check_built(Format format) {
  if (is_built(format)) return;
  std::string name(name_of(format));
  for (char& letter : name) letter = static_cast<char>(letter - 'a' + 'A');
  throw Error(ErrorCode::unsupported, "this is " + std::string(codec_of(format).title) +
                                          ", and this alike was built without " + name +
                                          "; use a build that has it, or convert the picture");
}

void decode_every_format_here() {
  for (std::size_t i = 0; i < kFormats && !every_format_here(); ++i) {
    const Codec& codec = codec_of(static_cast<Format>(i));
    if (codec.start) codec.start();
  }
  every_format_here() = true;
}

const Limits& usual_limits() noexcept { return usual(); }

void set_usual_limits(const Limits& limits) noexcept { usual() = limits; }

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

int scale_for(const Wanted& wanted) {
  int scale = 8;
  while (scale > 1 && (wanted.box.width < wanted.min_width * static_cast<double>(scale) ||
                       wanted.box.height < wanted.min_height * static_cast<double>(scale))) {
    scale /= 2;
  }
  return scale;
}

void check_held(const Window& part, const Limits& limits) {
  const auto pixels =
      static_cast<std::uint64_t>(part.width) * static_cast<std::uint64_t>(part.height);
  if (pixels <= limits.max_held_pixels) return;
  throw Error(ErrorCode::unsupported, "a part of " + size_text(part.width, part.height) +
                                          " is needed at once; the limit max-pixels for that is " +
                                          std::to_string(limits.max_held_pixels));
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
