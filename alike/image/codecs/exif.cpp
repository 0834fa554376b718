#include "alike/image/codecs/exif.h"

#include <algorithm>
#include <cstdint>

namespace alike::image {
namespace {

constexpr std::size_t kEntryBytes = 12;  // tag, type, count, value
constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::uint32_t kShort = 3;

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

}  // namespace

int exif_orientation(std::span<const std::byte> tiff) {
  if (tiff.size() < 8 || tiff[0] != tiff[1]) return 1;
  if (tiff[0] != std::byte{'I'} && tiff[0] != std::byte{'M'}) return 1;
  const Block block{tiff, tiff[0] == std::byte{'M'}};
  const std::size_t directory = block.number(4, 4);
  if (block.number(2, 2) != 42 || directory > tiff.size() - 2) return 1;
  const std::size_t first = directory + 2;
  const std::size_t count =
      std::min<std::size_t>(block.number(directory, 2), (tiff.size() - first) / kEntryBytes);
  for (std::size_t entry = first; entry < first + count * kEntryBytes; entry += kEntryBytes) {
    if (block.number(entry, 2) != kOrientation) continue;
    if (block.number(entry + 2, 2) != kShort || block.number(entry + 4, 4) != 1) return 1;
    const auto value = static_cast<int>(block.number(entry + 8, 2));
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

}  // namespace alike::image
