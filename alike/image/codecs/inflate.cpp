#include "alike/image/codecs/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace alike::image {

std::vector<std::byte> inflated(Bytes packed, std::size_t most) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return {};
  // zlib's interface predates const; it only reads. A chunk of a PNG has fewer bytes than 2^31.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in =
      static_cast<uInt>(std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max()));
  std::vector<std::byte> bytes;
  std::array<std::byte, 16384> part{};
  for (int state = Z_OK; state == Z_OK && bytes.size() < most;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = std::min(part.size() - stream.avail_out, most - bytes.size());
    bytes.insert(bytes.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(made));
  }
  inflateEnd(&stream);
  return bytes;
}

}  // namespace alike::image
