#include <gtest/gtest.h>

#include "alike/image/decode.h"
#include "alike/image/write.h"
#include "tests/image/samples.h"
#include "tests/support/worst_pictures.h"

namespace alike::image {
namespace {

std::string png_head(std::uint32_t width, std::uint32_t height, bool interlaced = false) {
  const std::string_view rest(interlaced ? "\x8\x2\0\0\1" : "\x8\x2\0\0\0", 5);
  const std::string head = joined({big_endian(width), big_endian(height), rest});
  return joined({"\x89PNG\r\n\x1a\n", png_chunk("IHDR", head)});
}

ErrorCode refusal(const File& file, const Limits& limits = {}) {
  const ErrorCode code = code_of([&] { inspect(file, limits); });
  EXPECT_EQ(code_of([&] { decode(file, limits); }), code);
  return code;
}

TEST(Limits, refuse_a_png_that_claims_too_much) {
  const std::string rest = png_chunk("IDAT", "x") + png_chunk("IEND", "");
  EXPECT_EQ(refusal(bytes_of_text(png_head(60'000, 60'000) + rest)), ErrorCode::unsupported);
  EXPECT_EQ(refusal(bytes_of_text(png_head(22'361, 22'361) + rest)), ErrorCode::unsupported);
  EXPECT_EQ(refusal(bytes_of_text(png_head(65'536, 1) + rest)), ErrorCode::unsupported);
  EXPECT_EQ(refusal(bytes_of_text(png_head(10'955, 10'955, true) + rest)), ErrorCode::unsupported);
  EXPECT_EQ(inspect(bytes_of_text(png_head(22'360, 22'360) + rest)).width, 22'360);
  EXPECT_EQ(inspect(bytes_of_text(png_head(65'535, 7'629) + rest)).width, 65'535);
  EXPECT_EQ(inspect(bytes_of_text(png_head(10'954, 10'954, true) + rest)).width, 10'954);
  EXPECT_EQ(refusal(bytes_of_text(png_head(0xffffffff, 0xffffffff) + rest)),
            ErrorCode::unsupported);
  EXPECT_EQ(refusal(bytes_of_text(png_head(0, 5) + rest)), ErrorCode::corrupt);
}

TEST(Limits, refuse_a_webp_that_claims_too_much) {
  // A lossless head: signature byte, then width − 1 and height − 1 of 14 bits each.
  const std::string head = joined({"\x2f", little_endian(0x0fffffff), std::string(64, '\0')});
  EXPECT_EQ(refusal(bytes_of_text(riff_chunk("RIFF", joined({"WEBP", riff_chunk("VP8L", head)})))),
            ErrorCode::unsupported);
}

TEST(Limits, refuse_a_jpeg_of_ten_thousand_scans) {
  const File file = jpeg(smooth(64, 64), {.progressive = true});
  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  const std::size_t last = text.rfind("\xff\xda");
  std::string bomb = text.substr(0, text.size() - 2);
  for (int i = 0; i < 10'000; ++i) bomb += text.substr(last, text.size() - 2 - last);
  EXPECT_EQ(refusal(bytes_of_text(bomb + "\xff\xd9")), ErrorCode::unsupported);
  EXPECT_EQ(refusal(file, {.max_scans = 2}), ErrorCode::unsupported);
}

TEST(Limits, refuse_many_scans_over_many_pixels) {
  const File file = test::jpeg_of_scans(3600, 100);
  ASSERT_LT(file.size(), 100'000U);
  EXPECT_EQ(refusal(file), ErrorCode::unsupported);
  EXPECT_EQ(inspect(test::jpeg_of_scans(3400, 100)).width, 3400);
}

TEST(Limits, refuse_a_webp_of_thousands_of_chunks) {
  for (const char* name : {"XMP ", "EXIF", "ICCP", "abcd"}) {
    EXPECT_EQ(refusal(test::webp_of_chunks(name, 8'008)), ErrorCode::unsupported);
    EXPECT_EQ(inspect(test::webp_of_chunks(name, 7'000)).width, 64);
  }
  EXPECT_EQ(inspect(test::webp_of_frames(100'000)).width, 1);
}

TEST(Limits, follow_no_directory_of_exif_but_the_first) {
  EXPECT_EQ(inspect(test::jpeg_of_exif_loop(65'000)).orientation, 1);
  EXPECT_EQ(inspect(test::png_of_exif_loop(100'000)).orientation, 1);
}

TEST(Limits, ignore_a_profile_that_is_a_chain_of_any_length) {
  const Image image = smooth(64, 64);
  EXPECT_EQ(decode(test::webp_of_profile_chain(80)).rgb, image.rgb);
}

TEST(Limits, pass_over_metadata_of_any_size) {
  const Image image = smooth(16, 16);
  const std::string note(20 << 20, 'x');
  EXPECT_EQ(decode(with_chunk(png(image), png_chunk("tEXt", note))).rgb, image.rgb);
  EXPECT_EQ(decode(with_chunk(png(image), png_chunk("eXIf", note))).rgb, image.rgb);
  const std::string frame = webp_frame(image);
  EXPECT_EQ(decode(extended_webp(16, 16, 4, frame + riff_chunk("XMP ", note))).rgb, image.rgb);
  const File plain = jpeg(image);
  std::string text = test::text_of(plain);
  const std::string part = joined({"http://ns.adobe.com/xmp/extension/", std::string(60'000, 'x')});
  text.insert(2, test::repeated(test::segment(0xe1, part), 20 << 20));
  EXPECT_EQ(decode(bytes_of_text(text)).rgb, decode(plain).rgb);
}

TEST(Limits, ignore_a_profile_beyond_them) {
  const Image dull{1, 1, {60, 200, 60}};
  const std::string profile = wide_profile();
  const Limits less{.max_profile_bytes = profile.size() - 1},
      all{.max_profile_bytes = profile.size()};
  const File grey_jpeg = jpeg(smooth(8, 8), {.profile = profile});
  EXPECT_EQ(decode(grey_jpeg, less).rgb, decode(jpeg(smooth(8, 8))).rgb);
  for (const File& file :
       {png(dull, {.profile = profile}),
        extended_webp(1, 1, 32, riff_chunk("ICCP", profile) + webp_frame(dull))}) {
    EXPECT_EQ(decode(file, less).rgb, dull.rgb);
    EXPECT_EQ(decode(file, all).rgb[0], 0);
  }
}

/// The sentence of the refusal.
std::string sentence_of(const File& file, const Limits& limits) {
  try {
    inspect(file, limits);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Limits, are_narrower_where_no_part_can_be_read_alone) {
  const Image image = smooth(30, 20);
  const Limits limits{.max_held_pixels = 599};
  for (const File& file :
       {jpeg(image, {.progressive = true}), png(image, {.interlaced = true}), webp(image)}) {
    EXPECT_EQ(refusal(file, limits), ErrorCode::unsupported);
    EXPECT_NE(sentence_of(file, limits).find("max-pixels"), std::string::npos);
  }
  for (const File& file : {jpeg(image), png(image)}) {
    EXPECT_EQ(inspect(file, limits).width, 30);
    EXPECT_EQ(decode_crop(file, {3, 2, 20, 15}, 20, 15, limits).pixels.width, 20);
    EXPECT_EQ(code_of([&] { decode(file, limits); }), ErrorCode::unsupported);
  }
  EXPECT_EQ(decode_crop(jpeg(image), {0, 0, 30, 20}, 15, 10, limits).pixels.width, 15);
}

TEST(Limits, are_told_without_advice_to_change_the_file) {
  const Image image = smooth(30, 20);
  for (const Limits& limits :
       {Limits{.max_pixels = 1}, Limits{.max_held_pixels = 1}, Limits{.max_side = 1}}) {
    for (const File& file :
         {jpeg(image), jpeg(image, {.progressive = true}), png(image), webp(image)}) {
      const std::string sentence = sentence_of(file, limits);
      EXPECT_EQ(sentence.find("smaller"), std::string::npos) << sentence;
      EXPECT_EQ(sentence.find("save"), std::string::npos) << sentence;
    }
  }
}

TEST(Limits, of_calls_that_name_none_can_be_set) {
  const File file = png(smooth(30, 20));
  set_usual_limits({.max_pixels = 599});
  EXPECT_EQ(code_of([&] { inspect(file); }), ErrorCode::unsupported);
  set_usual_limits({});
  EXPECT_EQ(inspect(file).width, 30);
}

TEST(Limits, leave_compressed_text_alone) {
  // "x", method 0, then a zlib stream that libpng would have to inflate to find it broken.
  const Image image = smooth(16, 16);
  const std::string text = std::string("x\0\0", 3) + std::string(50'000, '\x78');
  EXPECT_EQ(decode(with_chunk(png(image), png_chunk("zTXt", text))).rgb, image.rgb);
}

TEST(Limits, ignore_a_profile_that_unpacks_to_more_than_its_limit) {
  // 100 KB of zeros behind a true profile head pack to some hundred bytes.
  const Image image = smooth(16, 16);
  std::string profile = wide_profile();
  profile.resize(100'000, '\0');
  profile.replace(0, 4, big_endian(static_cast<std::uint32_t>(profile.size())));
  const File file = png(image, {.profile = profile});
  ASSERT_LT(file.size(), 4000U);
  EXPECT_EQ(decode(file, {.max_profile_bytes = 20'000}).rgb, image.rgb);
}

TEST(Limits, hold_for_sides_and_pixels_in_every_format) {
  const Image image = smooth(30, 20);
  for (const File& file : {jpeg(image), png(image), webp(image)}) {
    EXPECT_EQ(refusal(file, {.max_pixels = 599}), ErrorCode::unsupported);
    EXPECT_EQ(refusal(file, {.max_side = 29}), ErrorCode::unsupported);
    EXPECT_EQ(decode(file, {.max_pixels = 600, .max_side = 30}).width, 30);
  }
}

TEST(Write, refuses_what_is_no_picture) {
  EXPECT_EQ(code_of([] { encode_png({2, 2, {1, 2, 3}}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([] { encode_png({0, 0, {}}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([] { encode_jpeg({1, 1, {1, 2, 3}}, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([] { encode_jpeg({1, 1, {1, 2, 3}}, 101); }), ErrorCode::invalid_argument);
}

TEST(Write, makes_the_same_png_twice) {
  EXPECT_EQ(encode_png(patterned(40, 30)), encode_png(patterned(40, 30)));
}

}  // namespace
}  // namespace alike::image
