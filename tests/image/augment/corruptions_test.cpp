#include "alike/image/augment/corruptions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "tests/support/pictures.h"

namespace alike::image {
namespace {

image::Image plain(int width, int height, std::uint8_t value) {
  return {width, height,
          std::vector<std::uint8_t>(static_cast<std::size_t>(width * height) * 3, value)};
}

/// Mean absolute difference of two pictures, of 255.
double difference(const image::Image& a, const image::Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(int{a.rgb[i]} - int{b.rgb[i]});
  return sum / static_cast<double>(a.rgb.size());
}

TEST(Corruptions, keep_the_size_and_follow_the_seed) {
  const auto picture = test::made_up_image(5, 61, 47);
  for (const Corruption corruption : kCorruptions) {
    EXPECT_EQ(corruption_from(name_of(corruption)), corruption);
    for (int strength = 1; strength <= kStrengths; ++strength) {
      const auto once = corrupt(picture, corruption, strength, 9);
      EXPECT_EQ(once.width, 61);
      EXPECT_EQ(once.height, 47);
      ASSERT_EQ(once.rgb.size(), picture.rgb.size());
      EXPECT_EQ(once.rgb, corrupt(picture, corruption, strength, 9).rgb);
    }
  }
  for (const Corruption random : {Corruption::noise, Corruption::crop}) {
    EXPECT_NE(corrupt(picture, random, 3, 9).rgb, corrupt(picture, random, 3, 10).rgb);
  }
}

TEST(Corruptions, grow_with_their_strength) {
  const auto picture = test::made_up_image(5, 224, 224);
  for (const Corruption corruption :
       {Corruption::noise, Corruption::blur, Corruption::jpeg, Corruption::brightness}) {
    double before = 0;
    for (int strength = 1; strength <= kStrengths; ++strength) {
      const double now = difference(picture, corrupt(picture, corruption, strength, 1));
      EXPECT_GT(now, before) << name_of(corruption) << strength;
      before = now;
    }
  }
}

TEST(Corruptions, noise_has_its_deviation) {
  const auto noisy = corrupt(plain(300, 200, 128), Corruption::noise, 1, 7);
  double sum = 0, squares = 0;
  for (const std::uint8_t value : noisy.rgb) {
    sum += value - 128.0;
    squares += (value - 128.0) * (value - 128.0);
  }
  const auto count = static_cast<double>(noisy.rgb.size());
  EXPECT_NEAR(sum / count, 0, 0.2);
  EXPECT_NEAR(std::sqrt(squares / count), 0.08 * 255, 0.2);
}

TEST(Corruptions, blur_spreads_a_point_as_a_gaussian) {
  auto point = plain(224, 224, 0);
  for (std::size_t c = 0; c < 3; ++c) point.rgb[(112 * 224 + 112) * 3 + c] = 255;
  const auto blurred = corrupt(point, Corruption::blur, 1, 1);
  const auto at = [&](std::size_t x, std::size_t y) { return blurred.rgb[(y * 224 + x) * 3]; };
  EXPECT_NEAR(at(112, 112), 255 / (2 * 3.14159265), 1);
  EXPECT_NEAR(at(113, 112), 255 / (2 * 3.14159265) * std::exp(-0.5), 1);
  EXPECT_NEAR(at(112, 114), 255 / (2 * 3.14159265) * std::exp(-2), 1);
  EXPECT_EQ(corrupt(plain(40, 30, 77), Corruption::blur, 5, 1).rgb, plain(40, 30, 77).rgb);
}

TEST(Corruptions, brightness_keeps_the_hue) {
  auto picture = plain(2, 1, 0);
  picture.rgb = {100, 50, 0, 0, 0, 0};
  const auto bright = corrupt(picture, Corruption::brightness, 5, 1).rgb;
  EXPECT_EQ(bright, (std::vector<std::uint8_t>{228, 114, 0, 128, 128, 128}));
}

TEST(Corruptions, rotation_turns_about_the_middle) {
  auto picture = plain(101, 101, 0);
  picture.rgb[(50 * 101 + 90) * 3] = 255;  // 40 to the right of the middle
  std::size_t up = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto turned = corrupt(picture, Corruption::rotation, 5, seed);
    const auto brightest = std::max_element(turned.rgb.begin(), turned.rgb.end());
    const auto place = (brightest - turned.rgb.begin()) / 3;
    const auto x = place % 101, y = place / 101;
    EXPECT_NEAR(static_cast<double>(x), 50 + 40 * std::sqrt(0.5), 1);
    EXPECT_NEAR(std::abs(static_cast<double>(y) - 50), 40 * std::sqrt(0.5), 1);
    up += y < 50 ? 1 : 0;
  }
  EXPECT_GT(up, 3U);
  EXPECT_LT(up, 17U);
  EXPECT_EQ(corrupt(plain(9, 7, 50), Corruption::rotation, 3, 1).rgb, plain(9, 7, 50).rgb);
}

TEST(Corruptions, crop_magnifies_a_part) {
  image::Image picture = plain(200, 100, 0);  // red grows with x
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    picture.rgb[i] = static_cast<std::uint8_t>(i / 3 % 200);
  }
  const auto cropped = corrupt(picture, Corruption::crop, 5, 3);
  const int first = cropped.rgb[30 * 3], last = cropped.rgb[170 * 3];
  EXPECT_NEAR(last - first, 70, 2);  // half of 140
}

TEST(Corruptions, are_the_same_bytes_on_every_machine) {
  const auto picture = test::made_up_image(5, 61, 47);
  const auto sum = [&](Corruption corruption) {
    return checksum(bytes_of(corrupt(picture, corruption, 3, 9).rgb));
  };
  // JPEG is left out: its bytes are those of the library's version.
  EXPECT_EQ(sum(Corruption::noise), 12695304464069108259U);
  EXPECT_EQ(sum(Corruption::blur), 3886600306280053742U);
  EXPECT_EQ(sum(Corruption::crop), 2500211837745127809U);
  EXPECT_EQ(sum(Corruption::rotation), 10537687743942636059U);
  EXPECT_EQ(sum(Corruption::brightness), 17865750935338300536U);
}

TEST(Corruptions, refuse_what_they_do_not_know) {
  EXPECT_THROW(corruption_from("fog"), Error);
  EXPECT_THROW(parameter_of(Corruption::jpeg, 0), Error);
  EXPECT_THROW(corrupt(plain(1, 1, 0), Corruption::jpeg, 6, 1), Error);
  EXPECT_THROW(corrupt({}, Corruption::noise, 1, 1), Error);
  for (const Corruption corruption : kCorruptions) {
    EXPECT_EQ(corrupt(plain(1, 1, 9), corruption, 5, 1).rgb.size(), 3U);
  }
}

}  // namespace
}  // namespace alike::image
