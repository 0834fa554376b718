// The formats that only confined processes decode: against Pillow, damaged, and asking for too
// much.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "alike/base/sanitized.h"
#include "alike/image/isolated/isolated_decoder.h"
#include "tests/image/reference_formats.h"
#include "tests/image/samples.h"
#include "tests/support/children.h"

namespace alike::image {
namespace {

using namespace std::chrono_literals;

IsolationOptions options(std::chrono::milliseconds patience = 20s) {
  return {ALIKE_DECODE_WORKER, {"decode"}, patience, patience};
}

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

/// By the name of a case, which begins with the format.
bool is_built(std::string_view name) {
  for (std::size_t i = 0; i < kFormats; ++i) {
    const auto format = static_cast<Format>(i);
    if (name.starts_with(name_of(format))) return image::is_built(format);
  }
  ADD_FAILURE() << name;
  return false;
}

/// The most memory that a process has had, in kilobytes.
std::size_t peak_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes;
  }
  ADD_FAILURE() << "no VmHWM";
  return 0;
}

/// The code of the error of looking at and reading the whole picture; "read" for none.
std::string outcome(const IsolatedDecoder& decoder, const File& file) {
  try {
    const Header header = decoder.inspect(file);
    decoder.thumbnail(file, header.width, header.height);
    decoder.prepare(file, {.size = 32}, {});
    return "read";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()), "");
    return std::string(alike::name_of(error.code()));
  }
}

TEST(Formats, are_as_pillow_reads_them) {
  const IsolatedDecoder decoder(options());
  for (const FormatPicture& picture : kFormatPictures) {
    if (!is_built(picture.name)) continue;
    SCOPED_TRACE(picture.name);
    const File file = file_of(picture.file);
    try {
      const Header header = decoder.inspect(file);
      EXPECT_EQ(header.width, picture.width);
      EXPECT_EQ(header.height, picture.height);
      const Image image = decoder.thumbnail(file, picture.width, picture.height);
      const Image pillow{picture.width, picture.height, bytes_of_hex(picture.rgb)};
      EXPECT_LE(largest_difference(image, pillow), picture.tolerance);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

TEST(Formats, give_a_part_as_they_give_the_whole) {
  const IsolatedDecoder decoder(options());
  for (const FormatPicture& picture : kFormatPictures) {
    if (!is_built(picture.name) || picture.width < 6 || picture.height < 5) continue;
    SCOPED_TRACE(picture.name);
    const File file = file_of(picture.file);
    const Image whole = decoder.thumbnail(file, picture.width, picture.height);
    const Image part = decoder.prepare(file, {.size = 3}, Box{2, 1, 3, 3});
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 3; ++x) {
        EXPECT_TRUE(
            std::equal(pixel(part, x, y), pixel(part, x, y) + 3, pixel(whole, x + 2, y + 1)));
      }
    }
  }
}

TEST(Formats, that_ask_for_too_much_are_refused_before_memory_is_taken) {
  const IsolatedDecoder decoder(options());
  const auto workers = test::children();
  ASSERT_EQ(workers.size(), 1U);
  outcome(decoder, file_of(kFormatPictures[0].file));
  const std::size_t before = peak_of(workers[0]);
  for (const FormatBomb& bomb : kFormatBombs) {
    if (!is_built(bomb.name)) continue;
    EXPECT_EQ(outcome(decoder, file_of(bomb.file)), bomb.code) << bomb.name;
  }
  EXPECT_EQ(test::children(), workers);
  if (!kSanitized) {
    EXPECT_LT(peak_of(workers[0]), before + 64 * 1024);
  }
}

/// The whole picture; none where it is refused.
Image read(const IsolatedDecoder& decoder, const File& file) {
  Image image;
  survive([&] { image = decoder.thumbnail(file, 200, 200); });
  return image;
}

TEST(Formats, damaged_anywhere_end_in_a_picture_or_an_error_and_cut_never_in_half_a_picture) {
  const IsolatedDecoder decoder(options());
  const auto workers = test::children();
  for (const FormatPicture& picture : kFormatPictures) {
    if (!is_built(picture.name)) continue;
    const File file = file_of(picture.file);
    const Image whole = read(decoder, file);
    const std::size_t step = 1 + file.size() / 24;
    for (std::size_t at = 0; at < file.size(); at += step) {
      File flipped = file;
      flipped[at] ^= std::byte{0x55};
      read(decoder, flipped);
      const Image cut =
          read(decoder, {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(at)});
      EXPECT_TRUE(cut.rgb.empty() || cut.rgb == whole.rgb) << picture.name << " at " << at;
    }
  }
  EXPECT_EQ(test::children(), workers);  // none of them ended the worker
}

TEST(Formats, of_ten_thousand_frames_cost_one) {
  if (!image::is_built(Format::gif)) GTEST_SKIP() << "no giflib";
  const IsolatedDecoder decoder(options());
  const File one = file_of(kFormatPictures[0].file);
  const std::string text(reinterpret_cast<const char*>(one.data()), one.size());
  constexpr std::size_t kBeforeFrame = 13 + 3 * 16;
  const std::string frame = text.substr(kBeforeFrame, text.size() - kBeforeFrame - 1);
  std::string many = text.substr(0, text.size() - 1);
  for (int i = 0; i < 10'000; ++i) many += frame;
  EXPECT_EQ(decoder.thumbnail(bytes_of_text(many + ";"), 99, 99).rgb,
            decoder.thumbnail(one, 99, 99).rgb);
}

TEST(Formats, gif_is_white_where_its_frame_covers_nothing) {
  if (!image::is_built(Format::gif)) GTEST_SKIP() << "no giflib";
  File file = file_of(kFormatPictures[0].file);
  const int width = kFormatPictures[0].width, height = kFormatPictures[0].height;
  file[6] = static_cast<std::byte>(width + 2);
  const IsolatedDecoder decoder(options());
  const Image image = decoder.thumbnail(file, 99, 99);
  ASSERT_EQ(image.width, width + 2);
  for (int y = 0; y < height; ++y) {
    EXPECT_TRUE(std::all_of(pixel(image, width, y), pixel(image, width, y) + 6,
                            [](int value) { return value == 255; }));
  }
}

TEST(Formats, are_never_decoded_in_this_process) {
  for (const FormatPicture& picture : kFormatPictures) {
    const File file = file_of(picture.file);
    EXPECT_EQ(code_of([&] { inspect(file); }), ErrorCode::unsupported) << picture.name;
    EXPECT_EQ(code_of([&] { decode(file); }), ErrorCode::unsupported) << picture.name;
    EXPECT_EQ(code_of([&] { prepare(file, {}); }), ErrorCode::unsupported) << picture.name;
  }
}

TEST(PictureDecoder, decodes_some_formats_in_other_processes_without_being_told_to) {
  const FormatPicture* found = nullptr;
  for (const FormatPicture& picture : kFormatPictures) {
    if (std::string_view(picture.name) == "bmp of 24 bits") found = &picture;
  }
  ASSERT_NE(found, nullptr);
  const File file = file_of(found->file), plain = png(patterned(9, 9));
  EXPECT_EQ(code_of([&] { picture_decoder().inspect(file); }), ErrorCode::unsupported);
  decode_apart_with(options());
  picture_decoder().inspect(plain);
  EXPECT_TRUE(test::children().empty());
  const Image first = picture_decoder().thumbnail(file, 99, 99);
  EXPECT_EQ(first.rgb, bytes_of_hex(found->rgb));
  const auto workers = test::children();
  ASSERT_EQ(workers.size(), 1U);
  test::end(workers[0]);
  EXPECT_EQ(picture_decoder().thumbnail(file, 99, 99).rgb, first.rgb);
  EXPECT_NE(test::children(), workers);
  decode_apart_with({.program = "/bin/true", .arguments = {}});
  EXPECT_EQ(code_of([&] { picture_decoder().inspect(file); }), ErrorCode::io);
  EXPECT_EQ(picture_decoder().inspect(plain).width, 9);
}

}  // namespace
}  // namespace alike::image
