// JPEG. jpeg.cpp is the only file that knows libjpeg.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Walks the markers up to the end of the picture. A file without an end is `corrupt`. Stops early,
/// with the counts so far, once `limits` are passed.
Claim jpeg_claim(Bytes bytes, const Limits& limits);

/// Decodes `wanted`, at the smallest scale that keeps enough pixels. Expects a checked claim.
Raster decode_jpeg(Bytes bytes, Claim claim, const Wanted& wanted);

/// Expects a checked image and quality.
std::vector<std::byte> write_jpeg(const Image& image, int quality);

}  // namespace alike::image
