// WebP. webp.cpp is the only file that knows libwebp.
#pragma once

#include "alike/image/codec.h"

namespace alike::image {

/// Reads the container. A file shorter than it says is `corrupt`.
Claim webp_claim(Bytes bytes);

/// Decodes `wanted` of the first frame at full scale; what the frame leaves bare is white. Expects
/// a checked claim.
Raster decode_webp(Bytes bytes, Claim claim, const Wanted& wanted);

}  // namespace alike::image
