// Turning pictures upright. EXIF orientations: 2 to 4 mirror, 5 to 8 also swap the sides.
#pragma once

#include "alike/image/image.h"

namespace alike::image {

/// True where `orientation` exchanges width and height.
bool swaps_sides(int orientation) noexcept;

/// `stored`, turned upright.
Image upright(Image stored, int orientation);

/// `box` of the upright picture in the stored one of (width, height) pixels.
Box to_stored(const Box& box, int width, int height, int orientation);

/// `box` of the stored picture of (width, height) pixels in the upright one.
Box to_upright(const Box& box, int width, int height, int orientation);

}  // namespace alike::image
