#include "alike/image/decode.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "alike/image/resize.h"
#include "alike/image/write.h"
#include "tests/image/samples.h"
#include "tests/support/worst_pictures.h"

namespace alike::image {
namespace {

/// `image` as a picture seen with `orientation` is stored, told apart pixel by pixel.
Image seen(const Image& stored, int orientation) {
  const int w = stored.width;
  const int h = stored.height;
  const bool swap = orientation >= 5;
  Image image{swap ? h : w, swap ? w : h, std::vector<std::uint8_t>(stored.rgb.size())};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::array<std::array<int, 2>, 8> from{{{x, y},
                                                    {w - 1 - x, y},
                                                    {w - 1 - x, h - 1 - y},
                                                    {x, h - 1 - y},
                                                    {y, x},
                                                    {y, h - 1 - x},
                                                    {w - 1 - y, h - 1 - x},
                                                    {w - 1 - y, x}}};
      const auto [u, v] = from[size(orientation - 1)];
      std::copy_n(pixel(stored, u, v), 3, pixel(image, x, y));
    }
  }
  return image;
}

Image cut(const Image& image, int x, int y, int width, int height) {
  Image part{width, height, {}};
  for (int row = 0; row < height; ++row) {
    const std::uint8_t* from = pixel(image, x, y + row);
    part.rgb.insert(part.rgb.end(), from, from + 3 * width);
  }
  return part;
}

std::vector<File> one_of_each() {
  const Image image = patterned(53, 41);
  return {jpeg(image), jpeg(image, {.progressive = true}), png(image),
          png(image, {.interlaced = true}), webp(image)};
}

TEST(Decode, gives_back_lossless_pixels) {
  const Image image = patterned(53, 41);
  EXPECT_EQ(decode(png(image)).rgb, image.rgb);
  EXPECT_EQ(decode(png(image, {.interlaced = true})).rgb, image.rgb);
  EXPECT_EQ(decode(webp(image)).rgb, image.rgb);
  EXPECT_EQ(decode(encode_png(image)).rgb, image.rgb);
}

TEST(Decode, tells_a_drawing_from_a_picture) {
  const Image image = patterned(30, 20);
  const auto drawing = encode_drawing(image);
  EXPECT_EQ(decode(drawing).rgb, image.rgb);
  EXPECT_TRUE(is_drawing(drawing));
  EXPECT_FALSE(is_drawing(encode_png(image)));
  EXPECT_FALSE(is_drawing(encode_jpeg(image)));
  for (std::size_t end = 0; end < 60; ++end) {  // cut within the text or before it
    EXPECT_FALSE(is_drawing(std::span(drawing).first(end))) << end;
  }
}

TEST(Decode, gives_back_jpeg_pixels_nearly) {
  const Image image = smooth(53, 41);
  EXPECT_LE(largest_difference(decode(jpeg(image)), image), 12);
  EXPECT_LE(largest_difference(decode(jpeg(image, {.progressive = true})), image), 12);
  EXPECT_LE(largest_difference(decode(encode_jpeg(image, 95)), image), 12);
}

TEST(Decode, turns_all_eight_orientations_upright_in_every_format) {
  const Image image = patterned(21, 13);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool big : {false, true}) {
      const std::string tiff = exif(orientation, big);
      const File photo = jpeg(image, {.exif = tiff});
      EXPECT_EQ(decode(photo).rgb, seen(decode(jpeg(image)), orientation).rgb) << orientation;
      EXPECT_EQ(inspect(photo).orientation, orientation);
      EXPECT_EQ(inspect(photo).width, orientation >= 5 ? 13 : 21);
      EXPECT_EQ(decode(with_chunk(png(image), png_chunk("eXIf", tiff))).rgb,
                seen(image, orientation).rgb);
      const File extended = extended_webp(21, 13, 8, webp_frame(image) + riff_chunk("EXIF", tiff));
      EXPECT_EQ(decode(extended).rgb, seen(image, orientation).rgb);
    }
  }
}

TEST(Decode, takes_a_broken_exif_as_none) {
  const Image image = smooth(21, 13);
  for (const std::string& tiff :
       {std::string("II*"), exif(9), exif(0), std::string("MM\0*\xff\xff\xff\xff", 8)}) {
    EXPECT_EQ(inspect(jpeg(image, {.exif = tiff})).orientation, 1);
  }
}

TEST(Decode, reads_grey_palette_and_sixteen_bits) {
  const std::vector<std::uint8_t> grey{0, 100, 200, 255};
  EXPECT_EQ(decode(png(grey, 2, 2, {.type = PNG_COLOR_TYPE_GRAY})).rgb,
            (std::vector<std::uint8_t>{0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255}));
  const std::vector<std::uint8_t> grey_alpha{0, 0, 0, 255, 0, 128, 255, 7};
  EXPECT_EQ(decode(png(grey_alpha, 2, 2, {.type = PNG_COLOR_TYPE_GRAY_ALPHA})).rgb,
            (std::vector<std::uint8_t>{255, 255, 255, 0, 0, 0, 127, 127, 127, 255, 255, 255}));
  const std::vector<std::uint8_t> indices{0, 1};
  EXPECT_EQ(decode(png(indices, 2, 1,
                       {.type = PNG_COLOR_TYPE_PALETTE,
                        .palette = {{10, 20, 30}, {1, 2, 3}},
                        .palette_alpha = {255, 0}}))
                .rgb,
            (std::vector<std::uint8_t>{10, 20, 30, 255, 255, 255}));
  const std::vector<std::uint8_t> deep{0xff, 0xff, 0x80, 0x00, 0x00, 0x01};
  EXPECT_EQ(decode(png(deep, 1, 1, {.bits = 16})).rgb, (std::vector<std::uint8_t>{255, 128, 0}));
  const std::vector<std::uint8_t> bits{0b10100000};
  EXPECT_EQ(decode(png(bits, 3, 1, {.type = PNG_COLOR_TYPE_GRAY, .bits = 1})).rgb,
            (std::vector<std::uint8_t>{255, 255, 255, 0, 0, 0, 255, 255, 255}));
}

TEST(Decode, puts_alpha_on_white) {
  const std::vector<std::uint8_t> rgba{200, 100, 0, 0, 200, 100, 0, 255, 200, 100, 0, 51};
  EXPECT_EQ(decode(png(rgba, 3, 1, {.type = PNG_COLOR_TYPE_RGB_ALPHA})).rgb,
            (std::vector<std::uint8_t>{255, 255, 255, 200, 100, 0, 244, 224, 204}));
}

TEST(Decode, reads_grey_and_four_ink_jpegs) {
  const std::vector<std::uint8_t> grey(16 * 16, 90);
  EXPECT_EQ(decode(jpeg(grey, 16, 16, {.space = JCS_GRAYSCALE})).rgb,
            std::vector<std::uint8_t>(16 * 16 * 3, 90));
  // libjpeg writes the Adobe marker with both, so that the values count as inverted.
  std::vector<std::uint8_t> inks;
  for (int i = 0; i < 16 * 16; ++i) inks.insert(inks.end(), {255, 128, 0, 255});
  for (const J_COLOR_SPACE stored : {JCS_CMYK, JCS_YCCK}) {
    const Image image = decode(jpeg(inks, 16, 16, {.space = JCS_CMYK, .stored = stored}));
    EXPECT_NEAR(image.rgb[0], 255, 3);
    EXPECT_NEAR(image.rgb[1], 128, 3);
    EXPECT_NEAR(image.rgb[2], 0, 3);
  }
}

TEST(Decode, converts_a_wide_gamut_to_srgb) {
  const Image dull{1, 1, {60, 200, 60}};
  const std::string profile = wide_profile();
  // Computed with the matrices of both spaces: red falls outside sRGB and is cut, green rises.
  const Image vivid = decode(png(dull, {.profile = profile}));
  EXPECT_EQ(vivid.rgb[0], 0);
  EXPECT_NEAR(vivid.rgb[1], 202, 3);
  const Image grey{16, 16, std::vector<std::uint8_t>(16 * 16 * 3, 128)};
  const Image photo = decode(jpeg(grey, {.profile = profile}));
  EXPECT_NEAR(photo.rgb[0], 128, 2);
  const File extended = extended_webp(1, 1, 32, riff_chunk("ICCP", profile) + webp_frame(dull));
  EXPECT_EQ(decode(extended).rgb, vivid.rgb);
}

TEST(Decode, ignores_a_broken_profile) {
  const Image image = smooth(16, 16);
  EXPECT_EQ(decode(jpeg(image, {.profile = std::string(200, 'x')})).rgb, decode(jpeg(image)).rgb);
  EXPECT_EQ(decode(with_chunk(png(image), png_chunk("iCCP", std::string("a\0\0garbage", 10)))).rgb,
            image.rgb);
}

TEST(Decode, shows_the_first_frame_of_an_animation_on_white) {
  const Image frame = patterned(6, 4);
  const std::string place =
      little_endian(1, 3) + little_endian(2, 3);  // in pairs of pixels: (2, 4)
  const std::string body =
      place + little_endian(5, 3) + little_endian(3, 3) + std::string(4, '\0') + webp_frame(frame);
  const File file = extended_webp(10, 9, 2,
                                  riff_chunk("ANIM", std::string(6, '\0')) +
                                      riff_chunk("ANMF", body) + riff_chunk("ANMF", body));
  const Image image = decode(file);
  EXPECT_EQ(image.width, 10);
  EXPECT_EQ(cut(image, 2, 4, 6, 4).rgb, frame.rgb);
  EXPECT_EQ(pixel(image, 0, 0)[0], 255);
  EXPECT_EQ(pixel(image, 9, 8)[2], 255);
  EXPECT_EQ(decode_crop(file, {3, 5, 7, 4}, 1, 1).pixels.rgb, cut(image, 3, 5, 7, 4).rgb);
}

TEST(DecodeCrop, equals_the_full_picture_in_every_format_and_orientation) {
  const Image image = patterned(203, 157);
  std::vector<File> files{png(image), png(image, {.interlaced = true}), webp(image)};
  for (const bool progressive : {false, true}) {
    for (const bool subsampled : {false, true}) {
      for (int orientation = 1; orientation <= 8; ++orientation) {
        files.push_back(jpeg(
            image,
            {.progressive = progressive, .subsampled = subsampled, .exif = exif(orientation)}));
      }
    }
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Image full = decode(files[i]);
    for (const auto& [x, y, width, height] : std::vector<std::array<int, 4>>{{0, 0, 40, 40},
                                                                             {17, 33, 64, 50},
                                                                             {101, 90, 56, 67},
                                                                             {1, 1, 1, 1},
                                                                             {16, 16, 32, 32},
                                                                             {31, 15, 90, 130}}) {
      const Box box{double(x), double(y), double(width), double(height)};
      const Crop crop = decode_crop(files[i], box, width, height);
      ASSERT_EQ(crop.pixels.rgb, cut(full, x, y, width, height).rgb)
          << "file " << i << " at " << x << ',' << y;
      ASSERT_EQ(crop.box.x, 0);
      ASSERT_EQ(crop.box.width, width);
    }
  }
}

TEST(DecodeCrop, keeps_at_least_the_pixels_wanted) {
  const File file = jpeg(smooth(800, 600));
  const Crop eighth = decode_crop(file, {0, 0, 800, 600}, 100, 75);
  EXPECT_EQ(eighth.pixels.width, 100);
  const Crop quarter = decode_crop(file, {80, 40, 404, 404}, 100, 100);
  EXPECT_EQ(quarter.box.width, 101);
  EXPECT_EQ(decode_crop(file, {0, 0, 800, 600}, 401, 1).pixels.width, 800);
}

TEST(DecodeCrop, stays_inside_where_a_box_begins_less_than_a_rounding_before_a_pixel) {
  const double almost = std::nextafter(20.0, 0.0);
  for (const File& file : {jpeg(smooth(40, 30)), png(smooth(40, 30)), webp(smooth(40, 30))}) {
    const Crop crop = decode_crop(file, {almost, almost, 10.5, 5.5}, 40, 30);
    EXPECT_NO_THROW(resize(crop.pixels, crop.box, 8, 8, Interpolation::bilinear));
  }
}

TEST(DecodeCrop, averages_a_large_png_while_it_is_read) {
  // 101 megapixels of one bit each: fives of rows and threes of columns, in turn black and white.
  constexpr int kWidth = 10'101, kHeight = 10'003, kScale = 4;
  const auto white = [](int x, int y) { return (x / 3 + y / 5) % 2; };
  std::vector<std::uint8_t> bits(size((kWidth + 7) / 8) * size(kHeight));
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      bits[size(y) * size((kWidth + 7) / 8) + size(x / 8)] |=
          static_cast<std::uint8_t>(white(x, y) << (7 - x % 8));
    }
  }
  const File file = png(bits, kWidth, kHeight, {.type = PNG_COLOR_TYPE_GRAY, .bits = 1});
  const auto check = [&](const Crop& crop, int left, int top) {
    for (int y = 0; y < crop.pixels.height; y += 7) {
      for (int x = 0; x < crop.pixels.width; ++x) {
        int sum = 0, count = 0;
        for (int v = (top + y) * kScale; v < std::min((top + y + 1) * kScale, kHeight); ++v) {
          for (int u = (left + x) * kScale; u < std::min((left + x + 1) * kScale, kWidth); ++u) {
            sum += 255 * white(u, v);
            ++count;
          }
        }
        ASSERT_NEAR(pixel(crop.pixels, x, y)[0], double(sum) / count, 0.5) << x << ',' << y;
      }
    }
  };
  const Crop whole = decode_crop(file, {0, 0, kWidth, kHeight}, 2000, 2000);
  EXPECT_EQ(whole.pixels.width, 2526);
  EXPECT_EQ(whole.pixels.height, 2501);
  EXPECT_EQ(whole.box.width, kWidth / 4.0);
  check(whole, 0, 0);
  const Crop part = decode_crop(file, {12, 8, kWidth - 13, kHeight - 10}, 2000, 2000);
  EXPECT_EQ(part.box.x, 0);
  check(part, 3, 2);
}

TEST(DecodeCrop, refuses_a_box_outside) {
  const File file = jpeg(smooth(80, 60));
  EXPECT_EQ(code_of([&] {
              decode_crop(file, {50, 0, 40, 10}, 1, 1);
            }),
            ErrorCode::invalid_argument);
}

TEST(Decode, refuses_other_kinds_by_name) {
  for (const auto& [start, name] :
       std::vector<std::pair<std::string_view, std::string>>{{"GIF89a......", "GIF"},
                                                             {{"II*\0........", 12}, "TIFF"},
                                                             {"....ftypheic", "HEIC"},
                                                             {"....ftypavif", "AVIF"},
                                                             {"8BPS........", "Photoshop"},
                                                             {"%PDF-1.7....", "PDF"},
                                                             {"PK\3\4........", "ZIP"},
                                                             {"<?xml version='1.0'?><svg>", "SVG"},
                                                             {"what is this", "knows"}}) {
    try {
      decode(bytes_of_text(start));
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unsupported) << name;
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    }
  }
  EXPECT_EQ(code_of([] { decode({}); }), ErrorCode::corrupt);
}

/// Bytes of the end mark.
std::size_t end_bytes(const File& file) {
  switch (inspect(file).format) {
    case Format::jpeg: return 2;
    case Format::png: return 12;
    default: return 0;
  }
}

TEST(Decode, finds_every_truncation_corrupt_unless_all_rows_are_there) {
  for (const File& file : one_of_each()) {
    const Image whole = decode(file);
    EXPECT_TRUE(inspect(file).ended);
    const std::size_t step = 1 + file.size() / 97;
    for (std::size_t length = 12; length < file.size();
         length += length + 40 < file.size() ? std::min(step, file.size() - 40 - length) : 1) {
      const std::span<const std::byte> part(file.data(), length);
      SCOPED_TRACE(std::to_string(length) + " of " + std::to_string(file.size()));
      const auto crop = [&] { return decode_crop(part, {0, 0, 4, 4}, 4, 4); };
      if (length >= file.size() - end_bytes(file)) {
        EXPECT_FALSE(inspect(part).ended);
        EXPECT_EQ(decode(part).rgb, whole.rgb);
        EXPECT_EQ(crop().pixels.rgb, cut(whole, 0, 0, 4, 4).rgb);
      } else {
        ASSERT_EQ(code_of([&] { decode(part); }), ErrorCode::corrupt);
        ASSERT_EQ(code_of([&] { crop(); }), ErrorCode::corrupt);
      }
    }
  }
}

TEST(Decode, reads_a_jpeg_with_something_else_in_place_of_its_end) {
  for (const bool progressive : {false, true}) {
    const Image image = smooth(64, 48);
    const File whole = jpeg(image, {.progressive = progressive});
    const std::string start = test::text_of(whole).substr(0, whole.size() - 2);
    std::string bytes;
    for (int i = 0; i < 256 * 40; ++i) bytes += static_cast<char>(i);
    const std::string film = joined({std::string_view("\0\0\0\x18"
                                                      "ftypmp42",
                                                      12),
                                     bytes});
    for (const std::string& after : {film, test::text_of(whole), std::string("\xff\x02\xff\xd9")}) {
      const File file = bytes_of_text(start + after);
      EXPECT_FALSE(inspect(file).ended);
      EXPECT_EQ(decode(file).rgb, decode(whole).rgb);
    }
  }
}

TEST(Decode, finds_a_missing_scan_where_the_end_is_missing_too) {
  const Image image = smooth(64, 48);
  const std::string text = test::text_of(jpeg(image, {.progressive = true}));
  int cuts = 0;
  for (std::size_t at = text.find("\xff\xda") + 2; at != text.npos;) {
    at = text.find("\xff\xc4", at);  // the table of the next scan
    if (at == text.npos) break;
    EXPECT_EQ(code_of([&] { decode(bytes_of_text(text.substr(0, at))); }), ErrorCode::corrupt);
    at = text.find("\xff\xda", at);
    ++cuts;
  }
  EXPECT_GT(cuts, 3);
}

TEST(Decode, refuses_a_jpeg_without_end_that_could_lack_rows_unseen) {
  File file = jpeg(smooth(64, 48), {.arithmetic = true});
  EXPECT_EQ(decode(file).width, 64);
  file.resize(file.size() - 2);
  EXPECT_EQ(code_of([&] { decode(file); }), ErrorCode::corrupt);
}

TEST(Decode, finds_coded_data_that_ends_too_early) {
  File file = jpeg(patterned(64, 64));
  file.erase(file.end() - 300, file.end() - 2);  // the end marker stays
  EXPECT_EQ(code_of([&] { decode(file); }), ErrorCode::corrupt);
}

TEST(Decode, forgives_stray_bytes_between_segments_and_after_the_end) {
  const Image image = smooth(40, 30);
  File file = jpeg(image);
  const Image wanted = decode(file);
  file.insert(file.end(), 50, std::byte{7});
  EXPECT_EQ(decode(file).rgb, wanted.rgb);
  file.insert(file.begin() + 20, 3, std::byte{9});  // after the JFIF segment
  EXPECT_EQ(decode(file).rgb, wanted.rgb);
}

TEST(Decode, survives_every_flipped_bit_it_meets) {
  for (const File& file : one_of_each()) {
    for (std::size_t bit = 0; bit < 8 * file.size(); bit += 1 + 8 * file.size() / 1500) {
      File flipped = file;
      flipped[bit / 8] ^= std::byte{1} << (bit % 8);
      const Limits limits{.max_pixels = 1'000'000};
      survive([&] { decode(flipped, limits); });
      survive([&] { decode_crop(flipped, {5, 5, 20, 20}, 3, 3, limits); });
    }
  }
}

}  // namespace
}  // namespace alike::image
