// Colours as files state them → sRGB. The only file that knows Little CMS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/image/image.h"

namespace alike::image {

/// Turns the pixels of `image` from the colours of the ICC `profile` into sRGB; leaves them alone
/// where the profile is sRGB already, damaged, or of another kind than the pixels. `grey` says that
/// the three channels are equal, so that a grey profile fits.
void convert_to_srgb(Image& image, std::span<const std::byte> profile, bool grey);

/// (height, width, 4) bytes of ink, 255 = all of it, → sRGB: by the ICC `profile` where it is a
/// sound CMYK one, otherwise by multiplying the transmissions of the inks.
Image cmyk_to_srgb(std::span<const std::uint8_t> cmyk, int width, int height,
                   std::span<const std::byte> profile);

}  // namespace alike::image
