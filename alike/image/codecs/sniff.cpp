#include "alike/image/codecs/sniff.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "alike/base/error.h"

namespace alike::image {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view kind;
  std::size_t offset;
  std::string_view magic;
};

constexpr auto kOthers = std::to_array<Signature>({
    {"a GIF", 0, "GIF8"sv},
    {"a TIFF", 0, "II*\0"sv},
    {"a TIFF", 0, "MM\0*"sv},
    {"an AVIF", 4, "ftypavif"sv},
    {"an AVIF", 4, "ftypavis"sv},
    {"a HEIC", 4, "ftyphei"sv},
    {"a HEIC", 4, "ftyphev"sv},
    {"a HEIC", 4, "ftypmif1"sv},
    {"a HEIC", 4, "ftypmsf1"sv},
    {"a video", 4, "ftyp"sv},
    {"a JPEG XL", 0, "\xff\x0a"sv},
    {"a JPEG XL", 4, "JXL \r\n\x87\n"sv},
    {"a JPEG 2000", 4, "jP  \r\n\x87\n"sv},
    {"a JPEG 2000", 0, "\xff\x4f\xff\x51"sv},
    {"a Photoshop file", 0, "8BPS"sv},
    {"a Windows bitmap", 0, "BM"sv},
    {"an icon", 0, "\0\0\1\0"sv},
    {"an OpenEXR picture", 0, "\x76\x2f\x31\x01"sv},
    {"a PDF", 0, "%PDF-"sv},
    {"a ZIP archive", 0, "PK\3\4"sv},
    {"a gzip archive", 0, "\x1f\x8b"sv},
    {"a program", 0,
     "\x7f"
     "ELF"sv},
    {"an SVG drawing", 0, "<svg"sv},
});

bool holds(std::string_view text, std::size_t offset, std::string_view magic) {
  return text.size() >= offset + magic.size() && text.substr(offset, magic.size()) == magic;
}

std::string_view kind_of(std::string_view text) {
  for (const Signature& signature : kOthers) {
    if (holds(text, signature.offset, signature.magic)) return signature.kind;
  }
  const std::string_view start = text.substr(0, std::min<std::size_t>(text.size(), 512));
  const bool markup = holds(start, 0, "<?xml") || holds(start, 0, "<!");
  return markup && start.find("<svg") != start.npos ? "an SVG drawing" : "";
}

}  // namespace

Format sniff(std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    throw Error(ErrorCode::corrupt, "the file is empty; copy it again from its source");
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (holds(text, 0, "\xff\xd8\xff"sv)) return Format::jpeg;
  if (holds(text, 0, "\x89PNG\r\n\x1a\n"sv)) return Format::png;
  if (holds(text, 0, "RIFF"sv) && holds(text, 8, "WEBP"sv)) return Format::webp;
  const std::string_view kind = kind_of(text);
  throw Error(ErrorCode::unsupported,
              (kind.empty() ? std::string("the content is no picture alike knows")
                            : "this is " + std::string(kind)) +
                  "; alike reads JPEG, PNG and WebP");
}

}  // namespace alike::image
