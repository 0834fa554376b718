#include "alike/image/codecs/exif.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace alike::image {
namespace {

constexpr std::size_t kEntryBytes = 12;  // tag, type, count, value
constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::string_view kName("Exif\0\0", 6);

/// Numbers of a TIFF block in its byte order; every one read must lie inside.
struct Block {
  std::span<const std::byte> bytes;
  bool big_endian = false;

  std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const auto byte = std::to_integer<std::uint32_t>(bytes[at + i]);
      value |= byte << 8 * (big_endian ? size - 1 - i : i);
    }
    return value;
  }
};

/// Bytes of a whole number of this type of entry; 0 for other types.
std::size_t width_of(std::uint32_t type) {
  constexpr std::uint32_t kShort = 3, kLong = 4, kSignedShort = 8, kSignedLong = 9;
  if (type == kShort || type == kSignedShort) return 2;
  return type == kLong || type == kSignedLong ? 4 : 0;
}

/// The first value of an entry; nullopt where it is no whole number or lies outside.
std::optional<std::uint32_t> value_of(const Block& block, std::size_t entry) {
  constexpr std::size_t kRoom = 4;  // a longer value is elsewhere
  const std::size_t width = width_of(block.number(entry + 2, 2));
  const std::size_t count = block.number(entry + 4, 4);
  if (width == 0 || count == 0) return std::nullopt;
  std::size_t at = entry + 8;
  if (width * count > kRoom) at = block.number(at, 4);
  if (at > block.bytes.size() || width * count > block.bytes.size() - at) return std::nullopt;
  return block.number(at, width);
}

std::optional<int> orientation(std::uint32_t value) {
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace

std::optional<int> exif_orientation(std::span<const std::byte> tiff) {
  while (tiff.size() > kName.size() && std::memcmp(tiff.data(), kName.data(), kName.size()) == 0) {
    tiff = tiff.subspan(kName.size());
  }
  if (tiff.size() < 8 || tiff[0] != tiff[1]) return std::nullopt;
  if (tiff[0] != std::byte{'I'} && tiff[0] != std::byte{'M'}) return std::nullopt;
  const Block block{tiff, tiff[0] == std::byte{'M'}};
  const std::size_t directory = block.number(4, 4);
  if (block.number(2, 2) != 42 || directory > tiff.size() - 2) return std::nullopt;
  const std::size_t first = directory + 2;
  const std::size_t count =
      std::min<std::size_t>(block.number(directory, 2), (tiff.size() - first) / kEntryBytes);
  std::optional<int> found;
  for (std::size_t entry = first; entry < first + count * kEntryBytes; entry += kEntryBytes) {
    if (block.number(entry, 2) != kOrientation) continue;
    if (const auto value = value_of(block, entry)) found = orientation(*value);
  }
  return found;
}

std::optional<int> xmp_orientation(std::span<const std::byte> packet) {
  const std::string_view text(reinterpret_cast<const char*>(packet.data()), packet.size());
  constexpr std::string_view kProperty = "tiff:Orientation";
  for (std::size_t at = text.find(kProperty); at != text.npos; at = text.find(kProperty, at)) {
    at += kProperty.size();
    const std::string_view rest = text.substr(at);
    const std::size_t mark = rest.starts_with("=\"") ? 2 : rest.starts_with('>') ? 1 : 0;
    if (mark == 0 || rest.size() <= mark || rest[mark] < '0' || rest[mark] > '9') continue;
    return orientation(static_cast<std::uint32_t>(rest[mark] - '0'));
  }
  return std::nullopt;
}

int orientation_of(std::span<const std::byte> tiff, std::span<const std::byte> packet) {
  if (const auto stated = exif_orientation(tiff)) return *stated;
  return xmp_orientation(packet).value_or(1);
}

}  // namespace alike::image
