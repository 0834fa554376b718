// WebP. webp.cpp is the only file that knows libwebp.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Reads the container. A file shorter than it says is `corrupt`.
Claim webp_claim(Bytes bytes, const Limits& limits);

/// Orientation and profile, by one walk over the chunks. Throws
/// `unsupported` for more of them than any picture needs. A chunk that does not fit ends the walk:
/// libwebp reports the fault.
Claim webp_metadata(Bytes bytes, const Limits& limits);

/// Decodes `wanted` of the first frame at full scale; white where the frame covers nothing. Expects
/// a checked claim.
Raster decode_webp(Bytes bytes, Claim claim, const Wanted& wanted);

}  // namespace alike::image
