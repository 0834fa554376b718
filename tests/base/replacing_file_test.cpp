#include "alike/base/replacing_file.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

TEST(ReplacingFile, has_what_was_added_and_the_start_that_came_last) {
  const test::TemporaryFolder folder;
  ReplacingFile file(folder / "x");
  std::string wanted = "head";
  file.append(bytes_of(wanted));
  for (int i = 0; i < 300; ++i) {  // more than the buffer
    const std::string piece(5000, static_cast<char>('a' + i % 26));
    file.append(bytes_of(piece));
    wanted += piece;
  }
  file.finish(bytes_of(std::string("HE")));
  EXPECT_EQ(read_text(folder / "x"), "HE" + wanted.substr(2));
}

TEST(ReplacingFile, leaves_the_old_one_until_it_is_finished) {
  const test::TemporaryFolder folder;
  replace_file(folder / "x", std::string_view("old"));
  {
    ReplacingFile file(folder / "x");
    file.append(bytes_of(std::string(3 << 20, 'n')));
    EXPECT_EQ(read_text(folder / "x"), "old");
  }
  EXPECT_EQ(read_text(folder / "x"), "old");
  EXPECT_FALSE(std::filesystem::exists(folder / "x.new"));
}

TEST(ReplacingFile, shares_its_draft_with_no_other_that_is_under_way) {
  const test::TemporaryFolder folder;
  ReplacingFile first(folder / "x");
  ReplacingFile second(folder / "x");
  first.append(bytes_of(std::string("first")));
  second.append(bytes_of(std::string("second")));
  first.finish();
  EXPECT_EQ(read_text(folder / "x"), "first");
  second.finish();
  EXPECT_EQ(read_text(folder / "x"), "second");
}

TEST(ReplacingFile, takes_the_place_of_a_draft_that_was_left) {
  const test::TemporaryFolder folder;
  File(folder / "x.new", File::Mode::fresh)
      .write_at(0, bytes_of(std::string("left over, and long")));
  ReplacingFile file(folder / "x");
  file.append(bytes_of(std::string("whole")));
  file.finish();
  EXPECT_EQ(read_text(folder / "x"), "whole");
  EXPECT_FALSE(std::filesystem::exists(folder / "x.new"));
}

TEST(ReplacingFile, does_not_replace_a_device) {
  EXPECT_EQ(test::outcome([] { ReplacingFile("/dev/null"); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike
