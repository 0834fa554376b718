#include "alike/image/codecs/sniff.h"

#include <algorithm>
#include <array>
#include <optional>
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
    {"a video", 4, "ftyp"sv},
    {"a JPEG XL", 0, "\xff\x0a"sv},
    {"a JPEG XL", 4, "JXL \r\n\x87\n"sv},
    {"a JPEG 2000", 4, "jP  \r\n\x87\n"sv},
    {"a JPEG 2000", 0, "\xff\x4f\xff\x51"sv},
    {"a raw picture of a camera", 8, "CR\x02"sv},
    {"a Photoshop file", 0, "8BPS"sv},
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

/// The length of the header after the first, as the versions of the format have it: "BM" alone
/// begins texts as well.
bool is_bmp(std::string_view text) {
  constexpr std::string_view kLengths = "\x0c\x10\x28\x34\x38\x40\x6c\x7c"sv;
  return holds(text, 0, "BM"sv) && holds(text, 15, "\0\0\0"sv) &&
         kLengths.find(text[14]) != kLengths.npos;
}

/// The first of the brands that says which, and HEIC where others speak of pictures only.
std::optional<Format> heif_format(std::string_view text) {
  if (!holds(text, 4, "ftyp"sv)) return std::nullopt;
  std::optional<Format> format;
  for (std::size_t at = 8; at + 4 <= std::min(text.size(), kSniffedBytes); at += 4) {
    const std::string_view brand = text.substr(at, 4);
    if (brand == "avif" || brand == "avis") return Format::avif;
    if (brand.starts_with("hei") || brand.starts_with("hev")) return Format::heic;
    if (brand == "mif1" || brand == "msf1") format = Format::heic;
  }
  return format;
}

std::optional<Format> format_of(std::string_view text) {
  if (holds(text, 0, "\xff\xd8\xff"sv)) return Format::jpeg;
  if (holds(text, 0, "\x89PNG\r\n\x1a\n"sv)) return Format::png;
  if (holds(text, 0, "RIFF"sv) && holds(text, 8, "WEBP"sv)) return Format::webp;
  if (holds(text, 0, "GIF87a"sv) || holds(text, 0, "GIF89a"sv)) return Format::gif;
  if (is_bmp(text)) return Format::bmp;
  const bool tiff = holds(text, 0, "II*\0"sv) || holds(text, 0, "MM\0*"sv) ||
                    holds(text, 0, "II+\0"sv) || holds(text, 0, "MM\0+"sv);
  if (tiff && !holds(text, 8, "CR\x02"sv)) return Format::tiff;
  return heif_format(text);
}

}  // namespace

Format sniff(std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    throw Error(ErrorCode::corrupt, "the file is empty; copy it again from its source");
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (const auto format = format_of(text)) return *format;
  const std::string_view kind = kind_of(text);
  throw Error(ErrorCode::unsupported,
              (kind.empty() ? std::string("the content is no picture alike knows")
                            : "this is " + std::string(kind)) +
                  "; alike reads JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC and AVIF");
}

}  // namespace alike::image
