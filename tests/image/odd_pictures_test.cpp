// Odd but legal files: as Pillow reads them.
#include <gtest/gtest.h>

#include "alike/image/decode.h"
#include "tests/image/reference_odd.h"
#include "tests/image/samples.h"
#include "tests/support/worst_pictures.h"

namespace alike::image {
namespace {

std::vector<std::uint8_t> bytes_of_hex(std::string_view digits) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

File file_of(std::string_view digits) {
  const auto bytes = bytes_of_hex(digits);
  const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
  return {first, first + bytes.size()};
}

TEST(OddPictures, are_as_pillow_reads_them) {
  for (const OddPicture& odd : kOddPictures) {
    SCOPED_TRACE(odd.name);
    const File file = file_of(odd.file);
    const Image image = decode(file);
    const Image pillow{odd.width, odd.height, bytes_of_hex(odd.rgb)};
    EXPECT_EQ(inspect(file).width, odd.width);
    EXPECT_EQ(image.width, odd.width);
    if (image.width != odd.width) continue;
    // Alpha is rounded before or after the profile, and libjpeg has several transforms.
    EXPECT_LE(largest_difference(image, pillow), 1);
  }
}

/// A TIFF block whose directory begins behind `bytes` zeros.
std::string far_exif(int orientation, std::uint32_t bytes) {
  const std::string block = exif(orientation);
  return joined({std::string_view("II*\0", 4), little_endian(8 + bytes), std::string(bytes, '\0'),
                 block.substr(8)});
}

// Pillow 13.0.0's exif_transpose turns the same files: see far_pictures() in reference_odd.py.
TEST(OddPictures, have_an_orientation_far_behind_the_first_64_kilobytes) {
  const Image image = patterned(5, 3);
  const std::string block = far_exif(6, 100'000);
  ASSERT_EQ(block.substr(0, 2), "II");
  EXPECT_EQ(inspect(with_chunk(png(image), png_chunk("eXIf", block))).orientation, 6);
  const File far = extended_webp(5, 3, 8, webp_frame(image) + riff_chunk("EXIF", block));
  EXPECT_EQ(inspect(far).orientation, 6);
  std::string text = test::text_of(jpeg(image));
  text.insert(
      2, test::segment(0xe1, joined({std::string_view("Exif\0\0", 6), block.substr(0, 60'000)})) +
             test::segment(0xe1, joined({std::string_view("Exif\0\0", 6), block.substr(60'000)})));
  EXPECT_EQ(inspect(bytes_of_text(text)).orientation, 6);
}

}  // namespace
}  // namespace alike::image
