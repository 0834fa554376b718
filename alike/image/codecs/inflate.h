// Compressed metadata of a PNG. inflate.cpp is the only file that knows zlib.
#pragma once

#include "alike/image/codecs/codec.h"

namespace alike::image {

/// The first `most` bytes, at most, of what `packed` (a zlib stream) unpacks to; fewer where it is
/// damaged. Takes no more memory than twice that.
std::vector<std::byte> inflated(Bytes packed, std::size_t most);

}  // namespace alike::image
