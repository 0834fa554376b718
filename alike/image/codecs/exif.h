// The one thing alike takes from EXIF and XMP: the orientation.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace alike::image {

/// Orientation 1 to 8 from `tiff`, an EXIF block with or without "Exif\0\0" before it; 1 for one of
/// another value; nullopt where the block is damaged, empty or silent. A whole number of any width
/// is taken, as Pillow does. Reads the entries of the first directory once each and follows nothing
/// else, so that the work is at most that of the bytes. Format: EXIF 2.32 §4.6, TIFF 6.0 §2.
std::optional<int> exif_orientation(std::span<const std::byte> tiff);

/// The same from the text of an XMP packet: the first tiff:Orientation, attribute or element.
std::optional<int> xmp_orientation(std::span<const std::byte> packet);

/// Orientation of a picture with this EXIF and this XMP, each empty where there is none: EXIF
/// counts first, as in Pillow's exif_transpose.
int orientation_of(std::span<const std::byte> tiff, std::span<const std::byte> packet);

}  // namespace alike::image
