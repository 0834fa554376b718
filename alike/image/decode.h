// Untrusted bytes → upright sRGB pixels. JPEG, PNG and WebP, told apart by content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "alike/image/image.h"

namespace alike::image {

/// Kinds of picture files that are read.
enum class Format { jpeg, png, webp };

/// "jpeg", "png", "webp".
std::string_view name_of(Format format) noexcept;

/// A picture file larger than this is not read.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 30;

/// Limits of a picture, checked before anything is allocated for it; a picture beyond them is
/// `unsupported`.
struct Limits {
  std::uint64_t max_pixels = 100'000'000;
  int max_side = 30'000;
  int max_scans = 100;                         ///< Of a progressive JPEG.
  std::uint64_t max_metadata_bytes = 8 << 20;  ///< EXIF, ICC, text chunks together.
};

/// The facts in the head of a picture.
struct Header {
  Format format = Format::jpeg;
  int width = 0;        ///< Upright, that is after orientation.
  int height = 0;       ///< Upright.
  int orientation = 1;  ///< EXIF orientation, 1 to 8.
};

/// Reads the head only; costs no pixel memory. Throws `unsupported` for another kind of file (said
/// by name when it is a known one) or one beyond `limits`, `corrupt` for damage.
Header inspect(std::span<const std::byte> bytes, const Limits& limits = {});

/// The whole picture: first frame, orientation applied, ICC profile converted to sRGB, CMYK, grey,
/// palette and 16 bit turned into 8-bit RGB, alpha put on white. A file cut short is `corrupt`,
/// never half a picture. Safe to call from several threads.
Image decode(std::span<const std::byte> bytes, const Limits& limits = {});

/// The part of the picture that `box` covers, from the smallest scale that still has at least
/// `min_width` × `min_height` pixels for it (big JPEGs are decoded at 1/2, 1/4 or 1/8).
struct Crop {
  Image pixels;  ///< Covers `box`, rounded outwards to whole pixels.
  Box box;       ///< Where the requested box lies in `pixels`, in its pixels.
};

/// As `decode`, for `box` of the upright full-size picture; skips parts outside it where possible,
/// so that damage there may go unseen (a file cut short never does). A box outside the picture is
/// `invalid_argument`.
Crop decode_crop(std::span<const std::byte> bytes, const Box& box, int min_width, int min_height,
                 const Limits& limits = {});

}  // namespace alike::image
