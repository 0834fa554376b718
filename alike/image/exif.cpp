#include "alike/image/exif.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace alike::image {
namespace {

constexpr std::string_view kName("Exif\0\0", 6);
// What libexif reads of a block; the rest would be copied for nothing.
constexpr std::size_t kMostBytes = 0xfffe;

struct Unref {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

}  // namespace

int exif_orientation(std::span<const std::byte> tiff) {
  if (tiff.empty()) return 1;
  const std::span<const std::byte> part = tiff.first(std::min(tiff.size(), kMostBytes));
  std::vector<unsigned char> block(kName.size() + part.size());
  std::memcpy(block.data(), kName.data(), kName.size());
  std::memcpy(block.data() + kName.size(), part.data(), part.size());
  const std::unique_ptr<ExifData, Unref> data(exif_data_new());
  if (!data) return 1;
  // Repairing would invent tags; unknown ones are not worth their memory.
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_set_option(data.get(), EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
  exif_data_set_option(data.get(), EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
  exif_data_load_data(data.get(), block.data(), static_cast<unsigned>(block.size()));
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components != 1 || entry->size < 2) {
    return 1;
  }
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
}

}  // namespace alike::image
