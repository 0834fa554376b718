// GIF. gif.cpp is the only file that knows giflib.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Reads up to the first frame. The picture is the canvas, extended where the frame reaches beyond.
Claim gif_claim(Bytes bytes, const Limits& limits);

/// Decodes `wanted` of the first frame; white where it is transparent or covers nothing. Expects a
/// checked claim.
Raster decode_gif(Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits);

}  // namespace alike::image
