#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "alike/base/error.h"
#include "alike/image/codecs/exif.h"
#include "alike/image/codecs/inflate.h"
#include "alike/image/codecs/png.h"

namespace alike::image {
namespace {

constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kChunkFrame = 12;  // length, name and checksum
constexpr std::uint64_t kHeaderBytes = 13;
constexpr std::size_t kMostText = 4 << 20;  // looked through for an orientation

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

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Cuts `text` behind its first zero, and returns the part before; nullopt where there is none.
std::optional<std::string_view> take_word(std::string_view& text) {
  const std::size_t end = text.find('\0');
  if (end == text.npos) return std::nullopt;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end + 1);
  return word;
}

/// A chunk of text, not yet unpacked.
struct Text {
  std::string_view keyword;
  Bytes value;
  bool packed = false;
};

/// Of a tEXt, zTXt or iTXt chunk; nullopt for another or a damaged one.
std::optional<Text> parse_text(std::string_view name, Bytes body) {
  if (name != "tEXt" && name != "zTXt" && name != "iTXt") return std::nullopt;
  std::string_view rest = text_of(body);
  Text text;
  const auto keyword = take_word(rest);
  if (!keyword) return std::nullopt;
  text.keyword = *keyword;
  if (name != "tEXt") {  // a method; before it, in an iTXt, whether it is used
    const std::size_t methods = name == "zTXt" ? 1 : 2;
    if (rest.size() < methods) return std::nullopt;
    text.packed = methods == 1 || rest[0] != '\0';
    rest.remove_prefix(methods);
    // Language and translated keyword.
    if (methods == 2 && !(take_word(rest) && take_word(rest))) return std::nullopt;
  }
  text.value = body.last(rest.size());
  return text;
}

std::vector<std::byte> value_of(const Text& text) {
  if (text.packed) return inflated(text.value, kMostText);
  const Bytes value = text.value.first(std::min(text.value.size(), kMostText));
  return {value.begin(), value.end()};
}

/// The bytes of a raw profile, as ImageMagick writes them: a line break, a name, their number, and
/// hexadecimal digits, each on lines of their own.
std::vector<std::byte> raw_profile(std::string_view text) {
  for (int line = 0; line < 3; ++line) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  std::vector<std::byte> bytes;
  int high = -1;
  for (const char c : text) {
    const auto each = static_cast<unsigned char>(c);
    if (std::isspace(each) != 0) continue;
    if (std::isxdigit(each) == 0) break;
    const int digit = std::isdigit(each) != 0 ? c - '0' : std::tolower(each) - 'a' + 10;
    if (high >= 0) bytes.push_back(static_cast<std::byte>(16 * high + digit));
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

/// The first chunks of their kind that say something about the picture.
struct Metadata {
  Bytes exif;
  std::optional<Text> raw_exif;
  std::optional<Text> xmp;
  Bytes profile;
};

void take(std::string_view name, Bytes body, Metadata& metadata) {
  if (name == "eXIf" && metadata.exif.empty()) metadata.exif = body;
  if (name == "iCCP" && metadata.profile.empty()) metadata.profile = body;
  const auto text = parse_text(name, body);
  if (!text) return;
  if (text->keyword == "Raw profile type exif" && !metadata.raw_exif) metadata.raw_exif = text;
  if (text->keyword == "XML:com.adobe.xmp" && !metadata.xmp) metadata.xmp = text;
}

int orientation_of(const Metadata& metadata) {
  std::vector<std::byte> raw;
  if (metadata.exif.empty() && metadata.raw_exif) {
    raw = raw_profile(text_of(value_of(*metadata.raw_exif)));
  }
  const auto xmp = metadata.xmp ? value_of(*metadata.xmp) : std::vector<std::byte>();
  return image::orientation_of(metadata.exif.empty() ? Bytes(raw) : metadata.exif, xmp);
}

/// The zlib stream of an iCCP chunk; empty for a damaged one.
Bytes packed_profile(Bytes chunk) {
  std::string_view rest = text_of(chunk);
  if (!take_word(rest) || rest.empty()) return {};
  return chunk.last(rest.size() - 1);
}

/// The chunks after the first up to the end, which is noted if it is there.
void walk(Bytes bytes, std::size_t at, Claim& claim, Metadata& metadata) {
  bool has_data = false;
  claim.ended = false;
  while (!claim.ended) {
    const std::size_t left = bytes.size() - at;
    const std::string_view name = left < 8 ? "" : text_of(bytes.subspan(at + 4, 4));
    const std::size_t size = left < 8 ? 0 : number(bytes, at);
    if (left < kChunkFrame || left - kChunkFrame < size) {
      if (!has_data || name == "IDAT") throw_damage("is cut short");
      break;
    }
    if (name == "IDAT") has_data = true;
    if (name == "IEND") claim.ended = true;
    take(name, bytes.subspan(at + 8, size), metadata);
    at += kChunkFrame + size;
  }
}

}  // namespace

Claim png_claim(Bytes bytes) {
  constexpr std::size_t kFirst = kSignatureBytes + kChunkFrame + kHeaderBytes;
  if (bytes.size() < kFirst) throw_damage("is cut short");
  if (text_of(bytes.subspan(kSignatureBytes + 4, 4)) != "IHDR" ||
      number(bytes, kSignatureBytes) != kHeaderBytes) {
    throw_damage("does not begin with its size");
  }
  const Bytes head = bytes.subspan(kSignatureBytes + 8, kHeaderBytes);
  Claim claim;
  claim.width = number(head, 0);
  claim.height = number(head, 4);
  claim.held = head[12] != std::byte{0};  // interlaced
  Metadata metadata;
  walk(bytes, kFirst, claim, metadata);
  claim.orientation = orientation_of(metadata);
  claim.packed_profile = packed_profile(metadata.profile);
  return claim;
}

std::string png_software(Bytes bytes) {
  if (!text_of(bytes).starts_with("\x89PNG\r\n\x1a\n")) return {};
  std::size_t at = kSignatureBytes;
  while (bytes.size() - at >= kChunkFrame) {
    const std::size_t size = number(bytes, at);
    const std::string_view name = text_of(bytes.subspan(at + 4, 4));
    if (name == "IDAT" || size > bytes.size() - at - kChunkFrame) break;
    const auto text = parse_text(name, bytes.subspan(at + 8, size));
    if (text && text->keyword == "Software" && !text->packed) {
      return std::string(text_of(text->value.first(std::min<std::size_t>(text->value.size(), 80))));
    }
    at += kChunkFrame + size;
  }
  return {};
}

}  // namespace alike::image
