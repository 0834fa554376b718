// PNG. png.cpp is the only file that knows libpng.
#pragma once

#include <string>

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Walks the chunks up to the last. A file cut short before or within its pixels is `corrupt`; one
/// without a last chunk is not `ended`.
Claim png_claim(Bytes bytes);

/// Decodes `wanted` at full scale, or averaged while it is read where that is a large part; stops
/// after its last row where rows come in order and the file has its end, so that damage to the rows
/// below goes unseen. Expects a checked claim.
Raster decode_png(Bytes bytes, const Claim& claim, const Wanted& wanted, const Limits& limits);

/// The text of the keyword "Software" before the pixels, at most 80 bytes; "" where there is none
/// or the bytes are no PNG.
std::string png_software(Bytes bytes);

/// Expects a checked image. `software`: a text of that keyword, in Latin-1; "" writes none.
std::vector<std::byte> write_png(const Image& image, const std::string& software);

}  // namespace alike::image
