// Pixels as every later stage sees them.
#pragma once

#include <cstdint>
#include <vector>

namespace alike::image {

/// Upright sRGB picture: (height, width, 3) bytes, row-major, red first, no gaps, no alpha.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

/// A rectangle in an upright picture, in pixels of its full size; x and y from the top left corner.
/// Fractions are allowed.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

}  // namespace alike::image
