// The one thing alike takes from EXIF: which way is up. The only place that knows libexif.
#pragma once

#include <cstddef>
#include <span>

namespace alike::image {

/// Orientation 1 to 8 from `tiff`, an EXIF block without its "Exif\0\0"; 1 where the block is
/// damaged, empty or silent.
int exif_orientation(std::span<const std::byte> tiff);

}  // namespace alike::image
