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
  int orientation = 1;             ///< 1 to 8.
  bool held = false;               ///< No part can be decoded without holding the whole.
  bool ended = true;               ///< The file has its end mark.
  Bytes coded;                     ///< JPEG: the file up to its end, or to what is no part of it.
  std::vector<std::byte> profile;  ///< ICC profile; empty where there is none.
  Bytes packed_profile;            ///< PNG: the same as the file has it, compressed.
};

/// A part of a picture as stored: the requested box and its smallest size in pixels.
struct Wanted {
  Box box;
  int min_width = 0;
  int min_height = 0;
};

/// The largest of 1, 2, 4, 8 that divides the picture and leaves `wanted` enough pixels.
int scale_for(const Wanted& wanted);

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

/// Throws `unsupported` for a part of more pixels than may be held at once.
void check_held(const Window& part, const Limits& limits);

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
