#include "alike/image/exif.h"

#include <cstdint>

namespace alike::image {
namespace {

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;
constexpr std::size_t kEntryBytes = 12;

/// Numbers of a TIFF block in its own byte order; 0 beyond its end.
class Tiff {
 public:
  explicit Tiff(std::span<const std::byte> bytes) : bytes_(bytes) {
    big_endian_ = !bytes.empty() && bytes[0] == std::byte{'M'};
  }

  std::uint32_t number(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = offset + (big_endian_ ? i : size - 1 - i);
      value = value << 8 | std::to_integer<std::uint32_t>(bytes_[at]);
    }
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  bool big_endian_ = false;
};

}  // namespace

int exif_orientation(std::span<const std::byte> bytes) noexcept {
  const Tiff tiff(bytes);
  const std::uint32_t order = tiff.number(0, 2);
  if ((order != 0x4949 && order != 0x4d4d) || tiff.number(2, 2) != 42) return 1;
  const std::size_t table = tiff.number(4, 4);
  const std::size_t count = tiff.number(table, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = table + 2 + i * kEntryBytes;
    if (tiff.number(entry, 2) != kOrientationTag) continue;
    const std::uint32_t value = tiff.number(entry + 8, 2);
    const bool sound = tiff.number(entry + 2, 2) == kShortType && tiff.number(entry + 4, 4) == 1;
    return sound && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace alike::image
