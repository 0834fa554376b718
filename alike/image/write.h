// Pixels → picture files.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/image/image.h"

namespace alike::image {

/// PNG bytes, 8-bit RGB, the same bytes for the same pixels.
std::vector<std::byte> encode_png(const Image& image);
/// Baseline JPEG bytes at `quality` 1 to 100.
std::vector<std::byte> encode_jpeg(const Image& image, int quality = 85);

}  // namespace alike::image
