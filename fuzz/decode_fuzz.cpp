// A picture file from a stranger.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "alike/base/error.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace alike::image;
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  const Limits limits{
      .max_pixels = 500'000, .max_side = 5'000, .max_scans = 20, .max_metadata_bytes = 1 << 16};
  try {
    const Header header = inspect(bytes, limits);
    const Box box{0.25 * header.width, 0.5 * header.height, 0.5 * header.width,
                  0.375 * header.height};
    const int least = std::max(1, header.width / 16);
    decode_crop(bytes, box, least, least, limits);
    decode(bytes, limits);
    prepare(bytes, {.size = 32});
  } catch (const alike::Error&) {
  }
  return 0;
}
