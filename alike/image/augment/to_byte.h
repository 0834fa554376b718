// A computed value as a byte of a pixel.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace alike::image {

/// The nearest of 0 to 255; halves go away from 0. Not for NaN.
inline std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

}  // namespace alike::image
