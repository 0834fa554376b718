#include "alike/measure/factors/factors.h"

#include <gtest/gtest.h>

#include <set>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/image/decode.h"
#include "tests/support/temporary_folder.h"

namespace alike::measure {
namespace {

TEST(Factors, name_every_picture_once) {
  const FactorTable all = all_pictures();
  EXPECT_EQ(all.rows(), 3U * 6 * 8 * 8 * 8 * 6);
  EXPECT_EQ(all.factors(), 6U);
  std::set<std::vector<int>> rows;
  for (std::size_t i = 0; i < all.rows(); ++i) rows.insert({all.row(i).begin(), all.row(i).end()});
  EXPECT_EQ(rows.size(), all.rows());
  for (std::size_t f = 0; f < 6; ++f) {
    EXPECT_EQ(all.at(0, f), 0);
    EXPECT_EQ(all.at(all.rows() - 1, f), picture_factors()[f].values - 1);
  }
  EXPECT_EQ(all.at(1, 5), 1);
}

TEST(Factors, sampled_are_those_of_the_seed_without_repetition) {
  const FactorTable some = some_pictures(500, 3);
  EXPECT_EQ(some.values, some_pictures(500, 3).values);
  EXPECT_NE(some.values, some_pictures(500, 4).values);
  std::set<std::vector<int>> rows;
  for (std::size_t i = 0; i < 500; ++i) rows.insert({some.row(i).begin(), some.row(i).end()});
  EXPECT_EQ(rows.size(), 500U);
  EXPECT_EQ(some_pictures(55296, 1).values, all_pictures().values);
  EXPECT_THROW(some_pictures(0, 1), Error);
  EXPECT_THROW(some_pictures(55297, 1), Error);
}

/// Sum of the brightest channel and its centre.
struct Mass {
  double sum = 0, x = 0, y = 0;
};

Mass mass_of(const image::Image& picture) {
  Mass mass;
  std::size_t at = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x, at += 3) {
      const double value = std::max({picture.rgb[at], picture.rgb[at + 1], picture.rgb[at + 2]});
      mass.sum += value / 255;
      mass.x += value / 255 * (x + 0.5);
      mass.y += value / 255 * (y + 0.5);
    }
  }
  mass.x /= mass.sum;
  mass.y /= mass.sum;
  return mass;
}

TEST(Factors, show_in_the_picture) {
  // Areas by geometry: a square of half side 0.8, an ellipse of axes 1 and 0.55.
  const double pixels = 64 * 0.2;
  EXPECT_NEAR(mass_of(draw_picture(std::vector<int>{0, 5, 3, 2, 2, 0})).sum,
              4 * 0.64 * pixels * pixels, 2);
  EXPECT_NEAR(mass_of(draw_picture(std::vector<int>{1, 5, 3, 2, 2, 0})).sum,
              3.14159265 * 0.55 * pixels * pixels, 2);
  const Mass left = mass_of(draw_picture(std::vector<int>{1, 2, 0, 0, 0, 1}));
  const Mass right = mass_of(draw_picture(std::vector<int>{1, 2, 0, 7, 0, 4}));
  EXPECT_NEAR(left.x, 16, 0.1);
  EXPECT_NEAR(right.x, 48, 0.1);
  EXPECT_NEAR(left.y, right.y, 1e-9);
  EXPECT_NEAR(left.sum, right.sum, 1);
  const auto blue = draw_picture(std::vector<int>{0, 5, 0, 3, 3, 4}).rgb;
  const std::size_t middle = (30 * 64 + 30) * 3;
  EXPECT_EQ(blue[middle], 0);
  EXPECT_EQ(blue[middle + 2], 255);
}

TEST(Factors, give_different_pictures_for_different_values) {
  std::set<std::string> pictures;
  std::size_t count = 0;
  for (int shape = 0; shape < 3; ++shape) {
    for (int scale = 0; scale < 6; ++scale) {
      for (int rotation = 0; rotation < 8; ++rotation, ++count) {
        const auto rgb = draw_picture(std::vector<int>{shape, scale, rotation, 3, 4, 0}, 32).rgb;
        pictures.emplace(rgb.begin(), rgb.end());
      }
    }
  }
  EXPECT_EQ(pictures.size(), count);
  EXPECT_THROW(draw_picture(std::vector<int>{3, 0, 0, 0, 0, 0}), Error);
  EXPECT_THROW(draw_picture(std::vector<int>{0, 0, 0, 0, 0}), Error);
  EXPECT_THROW(draw_picture(std::vector<int>{0, 0, 0, 0, 0, 0}, 7), Error);
}

TEST(Factors, are_written_with_their_pictures_and_read_again) {
  const test::TemporaryFolder folder;
  const FactorTable table = some_pictures(60, 2);
  write_pictures(folder / "set", table, 16);
  const FactorFile file = read_factors(folder / "set" / "factors.csv");
  EXPECT_EQ(file.table.names, table.names);
  EXPECT_EQ(file.table.values, table.values);
  EXPECT_EQ(file.paths[59], "00059.png");
  const auto bytes = read_file(folder / "set" / "00007.png", 1 << 20);
  EXPECT_EQ(image::decode(bytes).rgb, draw_picture(table.row(7), 16).rgb);
  EXPECT_THROW(write_pictures(folder / "set", table, 16), Error);
  EXPECT_THROW(write_pictures(folder / "set" / "factors.csv", table, 16), Error);
}

TEST(Factors, are_matched_to_the_pictures_that_are_there) {
  const FactorFile file{{"a", "b", "c"}, {{"x", "y"}, {0, 1, 2, 3, 4, 5}}};
  const std::vector<std::string> paths{"c", "other", "a"};
  const MatchedFactors matched = match_factors(file, paths);
  EXPECT_EQ(matched.table.names, file.table.names);
  EXPECT_EQ(matched.table.values, (std::vector<int>{4, 5, 0, 1}));
  EXPECT_EQ(matched.rows, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(matched.absent, std::vector<std::string>{"b"});
}

TEST(Factors, of_strangers_may_be_words) {
  const test::TemporaryFolder folder;
  const auto read = [&](std::string_view text) {
    replace_file(folder / "f.csv", text);
    return read_factors(folder / "f.csv");
  };
  const FactorFile file = read("path,kind,angle\r\na.png,tree,10\r\nb.png,house,9\r\nc.png,tree,9");
  EXPECT_EQ(file.table.values, (std::vector<int>{1, 1, 0, 0, 1, 0}));
  for (const char* bad : {"", "path\na\n", "name,a\nx,1\n", "path,a\n", "path,a\nx\n",
                          "path,a\nx,1,2\n", "path,a\nx,1\nx,2\n"}) {
    EXPECT_THROW(read(bad), Error) << bad;
  }
}

}  // namespace
}  // namespace alike::measure
