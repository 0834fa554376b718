#include "alike/draw/preview.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"

namespace alike::draw {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::size_t lines(const std::string& text) { return count(text, "\n"); }

class Preview : public testing::Test {
 protected:
  Preview() { test::write_picture(folder_ / "a.png", 1); }
  Cell cell() const { return {folder_ / "a.png", {"1  0.900", "a.png"}}; }

  test::TemporaryFolder folder_;
};

TEST_F(Preview, half_blocks_stand_in_as_many_columns_as_there_is_room_for) {
  const std::vector<Cell> cells(5, cell());
  constexpr std::size_t kLines = 9 + 2 + 1;  // picture, captions, empty line
  EXPECT_EQ(lines(half_blocks(cells, 100, true)), kLines);
  EXPECT_EQ(lines(half_blocks(cells, 200, true)), kLines + 10);  // 38 wide, 19 lines
  EXPECT_EQ(lines(half_blocks(cells, 80, true)), 2 * kLines);
  EXPECT_EQ(lines(half_blocks(cells, 1, true)), 5 * kLines);
  EXPECT_EQ(half_blocks({}, 80, true), "");
}

TEST_F(Preview, colours_are_true_or_of_the_256) {
  const auto true_color = half_blocks({cell()}, 80, true);
  EXPECT_GT(count(true_color, "\033[38;2;"), 0U);
  EXPECT_EQ(count(true_color, "\033[38;5;"), 0U);
  const auto few = half_blocks({cell()}, 80, false);
  EXPECT_GT(count(few, "\033[38;5;"), 0U);
  EXPECT_EQ(count(few, "\033[38;2;"), 0U);
  EXPECT_NE(few.find("a.png"), few.npos);
}

TEST_F(Preview, names_do_not_reach_the_terminal_as_commands) {
  Cell hostile = cell();
  hostile.caption = {"\033[2J", "wide \xff name that is too long for its cell"};
  const auto text = half_blocks({hostile}, 80, true);
  EXPECT_EQ(count(text, "\033[2J"), 0U);
  EXPECT_EQ(text.find("for its cell"), text.npos);
}

TEST_F(Preview, a_picture_that_is_gone_leaves_its_place_empty) {
  const auto text = half_blocks({{folder_ / "none.png", {"1", "none.png"}}}, 80, true);
  EXPECT_EQ(count(text, "▀"), 0U);
  EXPECT_EQ(lines(text), 12U);
}

TEST_F(Preview, kitty_gets_a_png_in_pieces_of_base64) {
  const auto small = kitty(test::made_up_image(1, 8, 8));
  EXPECT_TRUE(small.starts_with("\033_Gf=100,a=T,m=0;iVBORw0KGgo"));
  EXPECT_TRUE(small.ends_with("\033\\\n"));
  image::Image noise{80, 80, {}};
  for (std::uint64_t i = 0; i < 80 * 80 * 3; ++i) {
    noise.rgb.push_back(static_cast<std::uint8_t>(random_bits(1, i)));
  }
  const auto large = kitty(noise);
  const auto pieces = count(large, "\033_G");
  EXPECT_GT(pieces, 2U);
  EXPECT_EQ(count(large, "m=1;"), pieces - 1);
  EXPECT_EQ(count(large, "m=0;"), 1U);
  for (std::size_t at = large.find(';'); at != large.npos; at = large.find(';', at + 1)) {
    EXPECT_LE(large.find('\033', at) - at - 1, 4096U);
  }
}

TEST_F(Preview, sixels_are_one_device_control_string) {
  const auto text = sixel(test::made_up_image(1, 30, 20));
  EXPECT_TRUE(text.starts_with("\033P"));
  EXPECT_TRUE(text.ends_with("\033\\\n"));
  EXPECT_EQ(text, sixel(test::made_up_image(1, 30, 20)));
  EXPECT_NE(text, sixel(test::made_up_image(2, 30, 20)));
}

}  // namespace
}  // namespace alike::draw
