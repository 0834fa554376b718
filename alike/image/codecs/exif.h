// The one thing alike takes from EXIF: the orientation.
#pragma once

#include <cstddef>
#include <span>

namespace alike::image {

/// Orientation 1 to 8 from `tiff`, an EXIF block without its "Exif\0\0"; 1 where the block is
/// damaged, empty or silent. Reads the entries of the first directory once each and follows nothing
/// else, so that the work is at most that of the bytes. Format: EXIF 2.32 §4.6, TIFF 6.0 §2.
int exif_orientation(std::span<const std::byte> tiff);

}  // namespace alike::image
