// BMP, of Windows and OS/2.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Reads the headers. Format: Microsoft's [MS-WMF] §2.2.2 and the headers of OS/2 1 and 2.
Claim bmp_claim(Bytes bytes, const Limits& limits);

/// Decodes `wanted`: palettes of 1, 4 and 8 bits, plain or run-length coded, and 16, 24 and 32
/// bits, with masks and alpha; pixels that a run-length code leaves out have the first colour, as
/// Pillow gives them. Expects a checked claim. Other kinds of compression are `unsupported`.
Raster decode_bmp(Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits);

}  // namespace alike::image
