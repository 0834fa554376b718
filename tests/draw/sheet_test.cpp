#include "alike/draw/sheet.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/image/decode.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"

namespace alike::draw {
namespace {

class Sheet : public testing::Test {
 protected:
  /// A picture of one colour.
  std::filesystem::path plain(const std::string& name, int width, int height, std::uint8_t red) {
    image::Image image{width, height, {}};
    for (int i = 0; i < width * height; ++i) image.rgb.insert(image.rgb.end(), {red, 0, 0});
    const auto path = folder_ / name;
    replace_file(path, image::encode_png(image));
    return path;
  }

  static std::uint8_t red(const image::Image& image, int x, int y) {
    return image.rgb[static_cast<std::size_t>(3 * (y * image.width + x))];
  }

  test::TemporaryFolder folder_;
};

TEST_F(Sheet, a_thumbnail_keeps_its_proportions_and_is_never_larger) {
  const auto wide = thumbnail(plain("wide.png", 400, 100, 9), 176, 176);
  EXPECT_EQ(wide.width, 176);
  EXPECT_EQ(wide.height, 44);
  const auto small = thumbnail(plain("small.png", 20, 30, 9), 176, 176);
  EXPECT_EQ(small.width, 20);
  EXPECT_EQ(small.height, 30);
  const auto thin = thumbnail(plain("thin.png", 2000, 1, 9), 176, 176);
  EXPECT_EQ(thin.width, 176);
  EXPECT_EQ(thin.height, 1);
}

TEST_F(Sheet, a_file_that_cannot_be_read_has_no_thumbnail) {
  EXPECT_EQ(thumbnail(folder_ / "none.png", 10, 10).width, 0);
  replace_file(folder_ / "text.png", std::string_view("text"));
  EXPECT_EQ(thumbnail(folder_ / "text.png", 10, 10).width, 0);
}

TEST_F(Sheet, queries_stand_above_results) {
  const auto query = plain("query.png", 200, 200, 10);
  const auto result = plain("result.png", 200, 200, 90);
  const auto sheet =
      contact_sheet({{query, {"query"}}},
                    {{result, {"1"}}, {result, {"2"}}, {result, {"3"}, false}}, {.columns = 2});
  EXPECT_EQ(red(sheet, 14 + 88, 14 + 88), 10);
  const int cell = 176 + 2 * 17 + 14;
  const int top = 14 + cell + 14;
  EXPECT_EQ(red(sheet, 14 + 88, top + 88), 90);
  EXPECT_EQ(red(sheet, 14 + 190 + 88, top + 88), 90);
  EXPECT_GT(red(sheet, 14 + 88, top + cell + 88), 180);  // below the line: pale
  EXPECT_EQ(red(sheet, 14 + 190 + 88, top + cell + 88), 255);
  EXPECT_EQ(sheet.width, 14 + 2 * 190);
  EXPECT_EQ(sheet.rgb.size(), static_cast<std::size_t>(3 * sheet.width * sheet.height));
}

TEST_F(Sheet, too_many_pictures_are_refused) {
  const std::vector<Cell> many(kMostCells, Cell{folder_ / "none.png", {"1"}});
  EXPECT_THROW(contact_sheet({{folder_ / "none.png", {"query"}}}, many), Error);
}

TEST_F(Sheet, does_not_depend_on_threads) {
  const std::vector<Cell> cells(7, Cell{plain("a.png", 90, 50, 7), {"1"}});
  EXPECT_EQ(contact_sheet(cells, cells).rgb, contact_sheet(cells, cells, {.threads = 3}).rgb);
}

TEST_F(Sheet, is_drawn_without_results_and_with_pictures_that_are_gone) {
  const auto sheet = contact_sheet({{folder_ / "none.png", {"query", "none.png"}}}, {});
  EXPECT_EQ(sheet.width, 14 + 190);
  EXPECT_GT(sheet.height, 176);
}

}  // namespace
}  // namespace alike::draw
