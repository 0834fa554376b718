// TIFF. tiff.cpp is the only file that knows libtiff.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Reads the first directory: the first page.
Claim tiff_claim(Bytes bytes, const Limits& limits);

/// Decodes `wanted` of the first page at full scale. Expects a checked claim.
Raster decode_tiff(Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits);

}  // namespace alike::image
