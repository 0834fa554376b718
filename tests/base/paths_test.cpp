#include "alike/base/paths.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "alike/base/file.h"
#include "tests/support/error_code.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/without_leave.h"

namespace alike {
namespace {

namespace fs = std::filesystem;

class PathsTest : public testing::Test {
 protected:
  fs::path at(const std::string& name) { return folder_ / name; }

  test::TemporaryFolder folder_;
};

TEST_F(PathsTest, tell_what_is_there) {
  replace_file(at("file"), std::string_view("abc"));
  EXPECT_TRUE(path_exists(at("file")));
  EXPECT_TRUE(is_file(at("file")));
  EXPECT_FALSE(is_folder(at("file")));
  EXPECT_EQ(file_bytes(at("file")), 3U);
  EXPECT_FALSE(path_exists(at("none/file")));
  EXPECT_FALSE(is_folder(at("none")));
  EXPECT_EQ(test::error_code([&] { file_bytes(at("none")); }), ErrorCode::not_found);
}

TEST_F(PathsTest, are_renamed_and_removed) {
  replace_file(at("a"), std::string_view("abc"));
  rename_path(at("a"), at("b"));
  EXPECT_FALSE(path_exists(at("a")));
  EXPECT_EQ(test::error_code([&] { rename_path(at("a"), at("c")); }), ErrorCode::not_found);
  EXPECT_TRUE(remove_path(at("b")));
  EXPECT_FALSE(remove_path(at("b")));
  make_folders(at("x/y"));
  EXPECT_EQ(test::error_code([&] { remove_path(at("x")); }), ErrorCode::io);
  remove_tree(at("x"));
  EXPECT_FALSE(path_exists(at("x")));
  remove_tree(at("x"));
}

TEST_F(PathsTest, are_whole_or_real) {
  make_folders(at("x"));
  fs::create_directory_symlink(at("x"), at("link"));
  EXPECT_EQ(absolute_path(at("x/../y")), at("x/../y"));
  EXPECT_EQ(absolute_path("y"), fs::current_path() / "y");
  EXPECT_EQ(real_path(at("link")), real_path(at("x")));
  EXPECT_TRUE(same_path(at("link"), at("x")));
  EXPECT_FALSE(same_path(at("x"), at(".")));
  EXPECT_EQ(likely_path(at("link/none")), real_path(at("x")) / "none");
  EXPECT_EQ(test::error_code([&] { real_path(at("none")); }), ErrorCode::not_found);
}

TEST_F(PathsTest, are_listed) {
  make_folders(at("x/y"));
  replace_file(at("x/y/z"), std::string_view("abc"));
  EXPECT_EQ(paths_in(at("x")), std::vector{at("x/y")});
  auto below = paths_below(at("x"));
  std::ranges::sort(below);
  EXPECT_EQ(below, (std::vector{at("x/y"), at("x/y/z")}));
  EXPECT_EQ(test::error_code([&] { paths_in(at("none")); }), ErrorCode::not_found);
}

TEST_F(PathsTest, can_be_entered) {
  const fs::path before = working_folder();
  EXPECT_EQ(before, fs::current_path());
  make_folders(at("x"));
  enter_folder(at("x"));
  EXPECT_EQ(working_folder(), real_path(at("x")));
  EXPECT_EQ(test::error_code([&] { enter_folder("none"); }), ErrorCode::not_found);
  remove_path(at("x"));
  EXPECT_EQ(test::error_code([] { working_folder(); }), ErrorCode::not_found);
  enter_folder(before);
}

TEST_F(PathsTest, that_may_not_be_looked_at_are_io) {
  make_folders(at("closed"));
  fs::permissions(at("closed"), fs::perms::none);
  std::optional<ErrorCode> code;
  const auto look = [&] { code = test::error_code([&] { path_exists(at("closed/file")); }); };
  test::can_be_without_leave() ? test::without_leave(look) : look();
  fs::permissions(at("closed"), fs::perms::owner_all);
  EXPECT_EQ(code, ErrorCode::io);
}

}  // namespace
}  // namespace alike
