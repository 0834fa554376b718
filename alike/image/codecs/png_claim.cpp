#include <cstring>
#include <string_view>

#include "alike/base/error.h"
#include "alike/image/codecs/png.h"

namespace alike::image {
namespace {

constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kChunkFrame = 12;  // length, name and checksum
constexpr std::uint64_t kHeaderBytes = 13;

std::uint32_t number(Bytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  }
  return value;
}

[[noreturn]] void throw_damage(const char* what) {
  throw Error(ErrorCode::corrupt,
              std::string("the PNG ") + what + "; copy it again from its source");
}

}  // namespace

Claim png_claim(Bytes bytes) {
  Claim claim;
  std::size_t at = kSignatureBytes;
  for (;;) {
    if (bytes.size() - at < kChunkFrame) throw_damage("is cut short");
    const std::size_t size = number(bytes, at);
    if (bytes.size() - at - kChunkFrame < size) throw_damage("is cut short");
    const std::string_view name(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    const Bytes body = bytes.subspan(at + 8, size);
    if (at == kSignatureBytes) {
      if (name != "IHDR" || size != kHeaderBytes) throw_damage("does not begin with its size");
      claim.width = number(body, 0);
      claim.height = number(body, 4);
    } else if (name == "IEND") {
      return claim;
    } else if (name != "IDAT" && name != "PLTE" && name != "fdAT") {
      claim.metadata_bytes += size;
      if (name == "eXIf" && claim.exif.empty()) claim.exif = body;
    }
    at += kChunkFrame + size;
  }
}

}  // namespace alike::image
