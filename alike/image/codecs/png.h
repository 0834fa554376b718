// PNG. png.cpp is the only file that knows libpng.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Walks the chunks up to the last. A file without a last one is `corrupt`.
Claim png_claim(Bytes bytes);

/// Decodes `wanted` at full scale; stops after its last row where rows come in order, so that
/// damage to the rows below goes unseen. Expects a checked claim.
Raster decode_png(Bytes bytes, const Wanted& wanted, const Limits& limits);

/// Expects a checked image.
std::vector<std::byte> write_png(const Image& image);

}  // namespace alike::image
