#include "alike/draw/lettering.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace alike::draw {
namespace {

image::Image paper(int width = 200, int height = 40) {
  return {width, height,
          std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height), 255)};
}

/// The first and the last column with ink in it; {-1, -1} where there is none.
std::pair<int, int> inked(const image::Image& image) {
  std::pair<int, int> columns{-1, -1};
  for (int x = 0; x < image.width; ++x) {
    for (int y = 0; y < image.height; ++y) {
      if (image.rgb[static_cast<std::size_t>(3 * (y * image.width + x))] > 200) continue;
      if (columns.first < 0) columns.first = x;
      columns.second = x;
    }
  }
  return columns;
}

image::Image written(const std::string& text, int width = 180) {
  auto image = paper();
  Lettering(13).write(image, 10, 25, width, text, {0, 0, 0});
  return image;
}

TEST(Lettering, writes_from_the_left_end_of_the_base_line) {
  const auto [first, last] = inked(written("Hill"));
  EXPECT_GE(first, 9);
  EXPECT_LE(first, 13);
  EXPECT_GT(last, 20);
  EXPECT_LT(last, 50);
  EXPECT_EQ(inked(written("")).first, -1);
}

TEST(Lettering, what_is_too_wide_ends_in_an_ellipsis) {
  const auto cut = written("a name that is much too long for this place", 60);
  EXPECT_LE(inked(cut).second, 70);
  EXPECT_GT(inked(cut).second, 50);
  EXPECT_NE(cut.rgb, written("a name that is", 180).rgb);
  EXPECT_LE(inked(written("wide", 3)).second, 30);  // not even the ellipsis has room
}

TEST(Lettering, knows_letters_beyond_ascii_and_takes_any_bytes) {
  EXPECT_NE(written("ö").rgb, written("o").rgb);
  EXPECT_NE(written("Ж").rgb, written("Ω").rgb);
  EXPECT_NE(inked(written("\xff\xfe")).first, -1);
}

TEST(Lettering, leaves_out_what_lies_outside) {
  auto image = paper(20, 10);
  Lettering letters(13);
  letters.write(image, -5, 3, 1000, "Hello, everybody", {0, 0, 0});
  letters.write(image, 15, 500, 1000, "Hello", {0, 0, 0});
  EXPECT_EQ(image.rgb.size(), 600U);
}

TEST(Lettering, writes_in_the_colour_asked_for) {
  auto image = paper();
  Lettering(30).write(image, 10, 30, 100, "I", {200, 0, 100});
  const auto pixels = image.rgb.size() / 3;
  bool found = false;
  for (std::size_t i = 0; i < pixels; ++i) {
    found |= image.rgb[3 * i] == 200 && image.rgb[3 * i + 1] == 0 && image.rgb[3 * i + 2] == 100;
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace alike::draw
