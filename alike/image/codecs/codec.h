// Types shared by the three codecs and their dispatcher (decode.cpp). Private.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/image/decode.h"

namespace alike::image {

using Bytes = std::span<const std::byte>;

/// The claims of a file's head, read without allocating for it. Sizes as stored, not yet upright.
struct Claim {
  std::int64_t width = 0;
  std::int64_t height = 0;
  int scans = 1;
  std::uint64_t metadata_bytes = 0;
  Bytes exif;                      ///< A TIFF block inside the file; may be empty.
  std::vector<std::byte> profile;  ///< ICC profile; empty where there is none.
};

/// A part of a picture as stored: the requested box and its smallest size in pixels.
struct Wanted {
  Box box;
  int min_width = 0;
  int min_height = 0;
};

/// Whole pixels that cover a box.
struct Window {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// `box` rounded outwards to whole pixels and kept inside a (width, height) picture.
Window cover(const Box& box, int width, int height);
/// `box` of the picture as a box of `window`, which covers it: inside despite rounding.
Box within(const Box& box, const Window& window);

/// Pixels of the window that covers a requested box, not yet upright, colours not yet converted.
struct Raster {
  Image pixels;
  Box box;                         ///< The requested box in `pixels`.
  bool grey = false;               ///< The file holds grey values; the three channels are equal.
  std::vector<std::byte> profile;  ///< ICC profile still to be applied; empty where there is none.
};

/// Red, green, blue and alpha bytes put on white.
void put_on_white(const std::uint8_t* rgba, int pixels, std::uint8_t* rgb);

}  // namespace alike::image
