// JPEG. jpeg.cpp is the only file that knows libjpeg.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Walks the markers up to the end of the picture. A file without a scan is `corrupt`; one with
/// scans and without an end is not `ended`. Stops early, with the counts so far, once there are too
/// many scans.
Claim jpeg_claim(Bytes bytes, const Limits& limits);

/// Decodes `wanted` of the claim's coded bytes, at the smallest scale that keeps enough pixels; all
/// rows where the file has no end mark. Expects a checked claim.
Raster decode_jpeg(Claim claim, const Wanted& wanted, const Limits& limits);

/// Expects a checked image and quality.
std::vector<std::byte> write_jpeg(const Image& image, int quality);

}  // namespace alike::image
