// Pixels → picture files.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "alike/image/image.h"

namespace alike::image {

/// PNG bytes, 8-bit RGB, the same bytes for the same pixels.
std::vector<std::byte> encode_png(const Image& image);
/// As `encode_png`, with a mark that `is_drawing` finds: for contact sheets, maps and plots, which
/// are no pictures of a folder. Another program that saves the file anew may take it out.
std::vector<std::byte> encode_drawing(const Image& image);
/// Whether the bytes are of `encode_drawing`.
bool is_drawing(std::span<const std::byte> bytes);
/// Baseline JPEG bytes at `quality` 1 to 100.
std::vector<std::byte> encode_jpeg(const Image& image, int quality = 85);

}  // namespace alike::image
