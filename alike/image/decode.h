// Untrusted bytes → upright sRGB pixels; formats are told apart by content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "alike/image/image.h"

namespace alike::image {

/// Kinds of picture files that are read.
enum class Format { jpeg, png, webp, gif, bmp, tiff, heic, avif };

/// How many there are.
inline constexpr std::size_t kFormats = 8;

/// "jpeg", "png", "webp", "gif", "bmp", "tiff", "heic", "avif".
std::string_view name_of(Format format) noexcept;

/// Whether files of this format are decoded by confined processes only: all but JPEG, PNG and WebP
/// (isolated/picture_decoder.h).
bool is_apart(Format format) noexcept;

/// Whether this build has a library that reads it.
bool is_built(Format format) noexcept;
/// Throws `unsupported` unless it has.
void check_built(Format format);

/// Lets this process decode every format from now on: one that is confined, or that reads trusted
/// files only. Until then the functions below throw `unsupported` for those that are decoded apart.
/// Call it before other threads decode, and before the process is confined.
void decode_every_format_here();

/// A picture file larger than this is not read.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 30;

/// Limits of a picture, checked before anything is allocated for it; a picture beyond them is
/// `unsupported`. Metadata have none: they are passed over.
struct Limits {
  /// Of a JPEG or a PNG that can be decoded by rows or reduced.
  std::uint64_t max_pixels = 500'000'000;
  /// Of a picture that its format makes a reader hold whole (interlaced PNG, JPEG of several scans,
  /// WebP), and of the part of any picture that a call asks for, as far as it cannot be reduced.
  std::uint64_t max_held_pixels = 120'000'000;
  int max_side = 65'535;
  int max_scans = 100;                        ///< Of a progressive JPEG.
  std::uint64_t max_profile_bytes = 8 << 20;  ///< A larger colour profile is ignored.
};

/// The limits of calls that name none.
const Limits& usual_limits() noexcept;
/// Sets them, also for processes that decode for this one. Call it before other threads decode.
void set_usual_limits(const Limits& limits) noexcept;

/// The facts in the head of a picture.
struct Header {
  Format format = Format::jpeg;
  int width = 0;        ///< Upright, that is after orientation.
  int height = 0;       ///< Upright.
  int orientation = 1;  ///< As EXIF counts, 1 to 8; from EXIF or XMP.
  /// Whether the file has its end mark. Where it has none, `decode` and `decode_crop` make sure
  /// that all rows are there: `corrupt` if not.
  bool ended = true;
};

/// Reads the head only; costs no pixel memory. Throws `unsupported` for another kind of file (said
/// by name when it is a known one) or one beyond `limits`, `corrupt` for damage.
Header inspect(std::span<const std::byte> bytes, const Limits& limits = usual_limits());

/// The whole picture: first frame, orientation applied, ICC profile converted to sRGB, CMYK, grey,
/// palette and 16 bit turned into 8-bit RGB, alpha put on white. A file that lacks rows is
/// `corrupt`, never half a picture; one that lacks its end mark alone is read. `unsupported` where
/// the whole has more than `max_held_pixels`. Safe to call from several threads.
Image decode(std::span<const std::byte> bytes, const Limits& limits = usual_limits());

/// The part of the picture that `box` covers, from the smallest scale that still has at least
/// `min_width` × `min_height` pixels for it (JPEGs are decoded at 1/2, 1/4 or 1/8; of a PNG, parts
/// above 100 megapixels are averaged likewise while they are read).
struct Crop {
  Image pixels;  ///< Covers `box`, rounded outwards to whole pixels.
  Box box;       ///< Where the requested box lies in `pixels`, in its pixels.
};

/// As `decode`, for `box` of the upright full-size picture; skips parts outside it where possible,
/// so that damage there may go unseen (a file cut short never does). A box outside the picture is
/// `invalid_argument`.
Crop decode_crop(std::span<const std::byte> bytes, const Box& box, int min_width, int min_height,
                 const Limits& limits = usual_limits());

}  // namespace alike::image
