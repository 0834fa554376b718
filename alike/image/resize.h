// Scaling, equal to Pillow's antialiased filters.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "alike/image/image.h"

namespace alike::image {

/// Pillow's BILINEAR and BICUBIC (a = −0.5), both antialiased.
enum class Interpolation { bilinear, bicubic };

/// "bilinear", "bicubic".
std::string_view name_of(Interpolation interpolation) noexcept;

/// `box` of `source` scaled to width × height, antialiased: the result of Pillow's
/// `Image.resize((width, height), filter, box=…)` to at most one level on nearly all values. Throws
/// `invalid_argument` for a size below 1 or a box outside the picture.
Image resize(const Image& source, const Box& box, int width, int height,
             Interpolation interpolation);

/// How a picture becomes the square that an encoder takes.
struct Framing {
  int size = 224;                     ///< Side of the result, pixels.
  double crop_fraction = 224. / 256;  ///< Side of the centre square ÷ the shorter side, (0, 1].
  Interpolation interpolation = Interpolation::bicubic;
};

/// The square of a (width, height) picture that `framing` keeps: side
/// floor(crop_fraction · min(width, height)), at least 1, centred, whole pixels (odd remainders go
/// up: the offset is (extent − side + 1) / 2).
Box center_square(int width, int height, const Framing& framing);

/// Bytes → size × size pixels in one go: the centre square, or all of `region` (squeezed to a
/// square) when given. Decodes no more than needed. Throws as `decode`; a region outside the
/// picture is `invalid_argument`.
Image prepare(std::span<const std::byte> bytes, const Framing& framing,
              const std::optional<Box>& region = std::nullopt);

}  // namespace alike::image
