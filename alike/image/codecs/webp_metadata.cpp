#include <algorithm>
#include <string>
#include <string_view>

#include "alike/base/error.h"
#include "alike/image/codecs/exif.h"
#include "alike/image/codecs/webp.h"

namespace alike::image {
namespace {

constexpr std::size_t kRiffHead = 12;  // "RIFF", size, "WEBP"
constexpr std::size_t kChunkHead = 8;
constexpr int kMaxChunks = 1000;  // besides frames
constexpr unsigned kHasProfile = 0x20;
constexpr unsigned kHasExif = 0x08;
constexpr unsigned kHasXmp = 0x04;

std::size_t size_at(Bytes bytes, std::size_t at) {
  std::size_t size = 0;
  for (std::size_t i = 4; i-- > 0;) size = size << 8 | std::to_integer<std::size_t>(bytes[at + i]);
  return size;
}

/// The bytes after the head, up to the length it states; libwebp reads no further either.
Bytes chunks_of(Bytes bytes) {
  if (bytes.size() < kRiffHead) return {};
  const std::size_t end = std::min(bytes.size(), kChunkHead + size_at(bytes, 4));
  return bytes.subspan(kRiffHead, end - std::min(end, kRiffHead));
}

bool is_picture(std::string_view name) {
  return name == "VP8 " || name == "VP8L" || name == "ALPH" || name == "ANMF";
}

}  // namespace

Claim webp_metadata(Bytes bytes, const Limits& limits) {
  Claim claim;
  claim.held = true;
  Bytes exif, xmp;
  unsigned flags = 0;
  int chunks = 0;
  for (Bytes rest = chunks_of(bytes); rest.size() >= kChunkHead;) {
    const std::string_view name(reinterpret_cast<const char*>(rest.data()), 4);
    const std::size_t size = size_at(rest, 4);
    if (size > rest.size() - kChunkHead) break;
    const Bytes body = rest.subspan(kChunkHead, size);
    rest = rest.subspan(std::min(rest.size(), kChunkHead + size + size % 2));
    if (is_picture(name)) continue;
    if (++chunks > kMaxChunks) {
      throw Error(ErrorCode::unsupported, "the WebP has more than " + std::to_string(kMaxChunks) +
                                              " chunks besides pictures; no more are read");
    }
    if (name == "VP8X" && size > 0 && chunks == 1) flags = std::to_integer<unsigned>(body[0]);
    if (name == "VP8X" || name == "ANIM") continue;
    if (name == "EXIF" && (flags & kHasExif) != 0 && exif.empty()) exif = body;
    if (name == "XMP " && (flags & kHasXmp) != 0 && xmp.empty()) xmp = body;
    if (name == "ICCP" && (flags & kHasProfile) != 0 && claim.profile.empty() &&
        size <= limits.max_profile_bytes) {
      claim.profile.assign(body.begin(), body.end());
    }
  }
  claim.orientation = orientation_of(exif, xmp);
  return claim;
}

}  // namespace alike::image
