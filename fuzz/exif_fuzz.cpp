// An EXIF block from a stranger.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "alike/image/exif.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int orientation =
      alike::image::exif_orientation({reinterpret_cast<const std::byte*>(data), size});
  if (orientation < 1 || orientation > 8) std::abort();
  return 0;
}
