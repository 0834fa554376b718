#include "alike/image/augment/augmentation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/image/resize.h"
#include "tests/support/error_code.h"
#include "tests/support/pictures.h"

namespace alike::image {
namespace {

using Pixel = std::array<int, 3>;

Pixel pixel(const Image& picture, int x, int y) {
  const auto at = static_cast<std::size_t>(3 * (y * picture.width + x));
  return {picture.rgb[at], picture.rgb[at + 1], picture.rgb[at + 2]};
}

Image of_one(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return {1, 1, {red, green, blue}};
}

/// Red counts the columns and green the rows, from 0.
Image ramp(int width, int height) {
  Image made{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {x, y, 77}) made.rgb.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return made;
}

TEST(Flipped, has_its_columns_the_other_way_round) {
  const auto picture = test::made_up_image(1, 7, 4);
  const auto mirrored = flipped(picture);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 7; ++x) EXPECT_EQ(pixel(mirrored, x, y), pixel(picture, 6 - x, y));
  }
}

TEST(Turned, by_a_quarter_has_its_left_column_on_top) {
  const auto picture = test::made_up_image(2, 7, 4);
  const auto once = turned(picture, 1);
  ASSERT_EQ(once.width, 4);
  ASSERT_EQ(once.height, 7);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(pixel(once, i, 0), pixel(picture, 0, 3 - i));
  EXPECT_EQ(turned(once, 1).rgb, turned(picture, 2).rgb);
  EXPECT_EQ(turned(turned(once, 1), 1).rgb, turned(picture, 3).rgb);
  EXPECT_EQ(turned(turned(picture, 3), 1).rgb, picture.rgb);
  EXPECT_EQ(turned(picture, 0).rgb, picture.rgb);
  EXPECT_EQ(test::error_code([&] { turned(picture, 4); }), ErrorCode::invalid_argument);
}

TEST(WithoutColor, has_the_luma_that_pillow_gives) {
  // python3 -c "from PIL import Image; print(Image.new('RGB', (1, 1), (10, 200,
  // 77)).convert('L').getpixel((0, 0)))"
  EXPECT_EQ(without_color(of_one(10, 200, 77)).rgb, (std::vector<std::uint8_t>(3, 129)));
  EXPECT_EQ(without_color(of_one(255, 255, 255)).rgb, (std::vector<std::uint8_t>(3, 255)));
}

TEST(Recolored, changes_what_it_is_asked_to) {
  const auto picture = test::made_up_image(3, 20, 10);
  EXPECT_EQ(recolored(picture, 1, 1, 1, 0).rgb, picture.rgb);
  EXPECT_EQ(recolored(of_one(100, 50, 200), 1.5, 1, 1, 0).rgb,
            (std::vector<std::uint8_t>{150, 75, 255}));
  EXPECT_EQ(recolored(picture, 1, 1, 0, 0).rgb, without_color(picture).rgb);
  EXPECT_EQ(recolored(of_one(100, 50, 200), 1, 1, 1.5, 0).rgb,  // luma 82
            (std::vector<std::uint8_t>{109, 34, 255}));
  const Image two{2, 1, {100, 100, 100, 50, 50, 50}};  // mean 75
  EXPECT_EQ(recolored(two, 1, 1.5, 1, 0).rgb,
            (std::vector<std::uint8_t>{113, 113, 113, 38, 38, 38}));
  const auto flat = recolored(picture, 1, 0, 1, 0);
  EXPECT_EQ(std::set<int>(flat.rgb.begin(), flat.rgb.end()).size(), 1U);
}

TEST(Recolored, turns_red_by_a_third_into_green_and_by_two_into_blue) {
  EXPECT_EQ(recolored(of_one(200, 40, 40), 1, 1, 1, 1.0 / 3).rgb,
            (std::vector<std::uint8_t>{40, 200, 40}));
  EXPECT_EQ(recolored(of_one(200, 40, 40), 1, 1, 1, -1.0 / 3).rgb,
            (std::vector<std::uint8_t>{40, 40, 200}));
  EXPECT_EQ(recolored(of_one(200, 120, 40), 1, 1, 1, 0.5).rgb,
            (std::vector<std::uint8_t>{40, 120, 200}));
  EXPECT_EQ(recolored(of_one(9, 9, 9), 1, 1, 1, 0.3).rgb, (std::vector<std::uint8_t>(3, 9)));
}

TEST(Tiles, cover_the_picture_row_by_row) {
  const auto all = tiles(ramp(9, 6), 3);
  ASSERT_EQ(all.size(), 9U);
  for (int t = 0; t < 9; ++t) {
    EXPECT_EQ(all[static_cast<std::size_t>(t)].width, 3);
    EXPECT_EQ(all[static_cast<std::size_t>(t)].height, 2);
    EXPECT_EQ(pixel(all[static_cast<std::size_t>(t)], 0, 0), (Pixel{3 * (t % 3), 2 * (t / 3), 77}));
  }
  EXPECT_EQ(tiles(ramp(7, 7), 3)[8].width, 2);
  EXPECT_EQ(test::error_code([] { tiles(ramp(9, 2), 3); }), ErrorCode::invalid_argument);
}

TEST(Augment, by_default_scales_and_nothing_else) {
  const auto picture = test::made_up_image(4, 90, 60);
  EXPECT_EQ(augment(picture, {}, 32, 1).rgb,
            resize(picture, {0, 0, 90, 60}, 32, 32, Interpolation::bilinear).rgb);
}

TEST(Augment, follows_the_seed_and_not_the_threads) {
  const auto picture = test::made_up_image(4, 90, 60);
  auto how = simclr_augmentation(64);
  how.cut_out = 0.5;
  std::vector<Image> one(40), many(40);
  for (std::size_t i = 0; i < 40; ++i) one[i] = augment(picture, how, 64, i);
  parallel_for(40, 1, 4,
               [&](std::size_t i, std::size_t) { many[i] = augment(picture, how, 64, i); });
  std::set<std::string> different;
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(one[i].rgb, many[i].rgb);
    different.insert(std::string(one[i].rgb.begin(), one[i].rgb.end()));
  }
  EXPECT_EQ(different.size(), 40U);
}

/// Of a picture that tells its columns and rows, the part that is left tells where it was cut.
TEST(Augment, crops_parts_of_the_areas_and_aspects_asked_for) {
  const auto picture = ramp(200, 200);
  const Augmentation how{.area = {0.2, 0.6}, .aspect = {0.5, 2}};
  double smallest = 1, largest = 0, narrowest = 9, widest = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto part = augment(picture, how, 100, seed);
    const auto first = pixel(part, 0, 0), last = pixel(part, 99, 99);
    const double width = (last[0] - first[0]) / 0.99, height = (last[1] - first[1]) / 0.99;
    const double area = width * height / 40'000, aspect = width / height;
    smallest = std::min(smallest, area), largest = std::max(largest, area);
    narrowest = std::min(narrowest, aspect), widest = std::max(widest, aspect);
  }
  EXPECT_NEAR(smallest, 0.2, 0.02);
  EXPECT_NEAR(largest, 0.6, 0.03);
  EXPECT_NEAR(narrowest, 0.5, 0.05);
  EXPECT_NEAR(widest, 2, 0.15);
}

TEST(Augment, does_each_part_as_often_as_its_chance_says) {
  const auto picture = ramp(40, 40);
  int flips = 0, grays = 0, holes = 0;
  const Augmentation how{.flip = 0.5, .gray = 0.2, .cut_out = 0.3, .hole = 0.25};
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto made = augment(picture, how, 40, seed);
    int gray = 0;
    bool colored = false;
    for (int i = 0; i < 1600; ++i) {
      const auto each = pixel(made, i % 40, i / 40);
      gray += each == Pixel{128, 128, 128} ? 1 : 0;
      colored = colored || each[0] != each[1] || each[1] != each[2];
    }
    holes += gray > 0 ? 1 : 0;
    EXPECT_TRUE(gray == 0 || gray == 400) << gray;
    grays += colored ? 0 : 1;
    int falls = 0;
    for (int x = 0; x + 1 < 40; ++x)
      falls += pixel(made, x, 0)[0] > pixel(made, x + 1, 0)[0] ? 1 : 0;
    flips += falls > 10 ? 1 : 0;
  }
  EXPECT_NEAR(flips, 1000, 5 * 23);  // five standard deviations
  EXPECT_NEAR(grays, 400, 5 * 18);
  EXPECT_NEAR(holes, 600, 5 * 21);
}

TEST(Augment, changes_colours_and_blurs_as_often_and_as_much_as_it_is_told) {
  const auto picture = test::made_up_image(8, 40, 40);
  const auto plain = augment(picture, {}, 40, 1).rgb;
  int jittered = 0, blurred = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const auto bright = augment(picture, {.jitter = 0.3, .brightness = 0.5}, 40, seed).rgb;
    jittered += bright != plain ? 1 : 0;
    blurred += augment(picture, {.blur = 0.4, .sigma = {2, 2}}, 40, seed).rgb != plain ? 1 : 0;
  }
  EXPECT_NEAR(jittered, 300, 5 * 15);  // five standard deviations
  EXPECT_NEAR(blurred, 400, 5 * 16);
  const auto soft = augment(picture, {.blur = 1, .sigma = {2, 2}}, 40, 1).rgb;
  const auto roughness = [](const std::vector<std::uint8_t>& rgb) {
    double sum = 0;
    for (std::size_t i = 3; i < rgb.size(); ++i) sum += std::abs(int{rgb[i]} - int{rgb[i - 3]});
    return sum;
  };
  EXPECT_LT(roughness(soft), 0.9 * roughness(plain));
}

TEST(Augment, takes_the_largest_part_of_an_aspect_where_none_fits) {
  const auto part = augment(ramp(200, 100), {.area = {1, 1}, .aspect = {1, 1.5}}, 100, 1);
  EXPECT_NEAR(pixel(part, 0, 50)[0], 25, 1);  // 150 × 100 in the middle
  EXPECT_NEAR(pixel(part, 99, 50)[0], 174, 1);
  EXPECT_NEAR(pixel(part, 50, 0)[1], 0, 1);
  EXPECT_NEAR(pixel(part, 50, 99)[1], 99, 1);
}

TEST(Augment, refuses_what_is_no_chance_or_range) {
  const auto picture = ramp(8, 8);
  const auto code = [&](const Augmentation& how, int size = 8) {
    return test::error_code([&] { augment(picture, how, size, 1); });
  };
  EXPECT_EQ(code({.area = {0.5, 0.4}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.area = {0, 1}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.flip = 1.5}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.flip = std::nan("")}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.hue = 0.6}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({}, 0), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.blur = 1, .sigma = {0, 1e9}}), ErrorCode::invalid_argument);
  EXPECT_EQ(test::error_code([] { augment({}, {}, 8, 1); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike::image
