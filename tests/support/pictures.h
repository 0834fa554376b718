// Pictures made up for a test: coloured noise, the same for the same seed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/image/write.h"

namespace alike::test {

/// A picture of patches, coloured by `seed`.
inline image::Image made_up_image(std::uint64_t seed, int width = 40, int height = 30) {
  image::Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto patch = static_cast<std::uint64_t>((y / 8) * 100 + x / 8);
      for (std::uint64_t c = 0; c < 3; ++c) {
        image.rgb.push_back(static_cast<std::uint8_t>(random_bits(seed, patch * 3 + c)));
      }
    }
  }
  return image;
}

/// Writes `path` as a PNG, or as a JPEG when it is called so; makes its folder.
inline void write_picture(const std::filesystem::path& path, std::uint64_t seed) {
  std::filesystem::create_directories(path.parent_path());
  const auto image = made_up_image(seed);
  replace_file(path,
               path.extension() == ".jpg" ? image::encode_jpeg(image) : image::encode_png(image));
}

}  // namespace alike::test
