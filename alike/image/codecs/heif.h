// HEIC and AVIF. heif.cpp is the only file that knows libheif.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// Loads libheif's plug-ins. To be called before the process is confined, with one thread.
void start_heif();

/// Reads the container: the primary picture, upright by its own irot and imir. EXIF says nothing
/// about the orientation of these formats (ISO/IEC 23008-12 §A.2.1).
Claim heif_claim(Bytes bytes, const Limits& limits);

/// Decodes `wanted` of the primary picture, on one thread. Expects a checked claim.
Raster decode_heif(Bytes bytes, Claim claim, const Wanted& wanted, const Limits& limits);

}  // namespace alike::image
