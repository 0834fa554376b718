// An untrusted EXIF block, and an XMP packet.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "alike/image/codecs/exif.h"
#include "fuzz/support.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  using namespace std::string_literals;
  alike::fuzz::plant(count, arguments,
                     {"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"s,
                      "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s,
                      "<rdf:Description tiff:Orientation=\"6\"/><tiff:Orientation>3<"s});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  const std::span half = bytes.first(size / 2);
  for (const int orientation : {alike::image::orientation_of(bytes, bytes),
                                alike::image::orientation_of(half, bytes.subspan(half.size()))}) {
    if (orientation < 1 || orientation > 8) std::abort();
  }
  return 0;
}
