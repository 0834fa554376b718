#include "alike/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class FileTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
};

TEST_F(FileTest, modes_make_keep_or_empty_a_file) {
  const fs::path path = folder_ / "x";
  EXPECT_EQ(outcome([&] { File(path, File::Mode::read); }), ErrorCode::not_found);
  EXPECT_EQ(outcome([&] { File(path, File::Mode::update); }), ErrorCode::not_found);
  File(path, File::Mode::create).write_at(0, bytes_of(std::string("abc")));
  EXPECT_EQ(File(path, File::Mode::create).size(), 3u);
  EXPECT_EQ(File(path, File::Mode::update).size(), 3u);
  EXPECT_EQ(File(path, File::Mode::fresh).size(), 0u);
}

TEST_F(FileTest, reading_past_the_end_is_corrupt) {
  File file(folder_ / "x", File::Mode::fresh);
  file.write_at(2, bytes_of(std::string("abc")));
  std::vector<std::byte> bytes(3);
  file.read_at(2, bytes);
  EXPECT_EQ(bytes[2], std::byte{'c'});
  EXPECT_EQ(outcome([&] { file.read_at(3, bytes); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { file.read_at(1 << 20, bytes); }), ErrorCode::corrupt);
  file.read_at(1 << 20, {});
}

TEST_F(FileTest, a_moved_file_is_open_once) {
  File file(folder_ / "x", File::Mode::fresh);
  const File moved(std::move(file));
  EXPECT_TRUE(moved.is_open());
  EXPECT_FALSE(file.is_open());  // NOLINT(bugprone-use-after-move): that is the claim
  EXPECT_EQ(moved.path(), folder_ / "x");
}

TEST_F(FileTest, resize_cuts_and_extends_with_zeros) {
  File file(folder_ / "x", File::Mode::fresh);
  file.write_at(0, bytes_of(std::string("abc")));
  file.resize(1);
  file.resize(3);
  EXPECT_EQ(read_text(folder_ / "x"), std::string("a\0\0", 3));
}

TEST_F(FileTest, a_mapping_outlives_its_files_name) {
  replace_file(folder_ / "x", std::string_view("content"));
  const MappedFile first(folder_ / "x");
  replace_file(folder_ / "x", std::string_view("another"));
  fs::remove(folder_ / "x");
  MappedFile moved = MappedFile(MappedFile());
  EXPECT_TRUE(moved.bytes().empty());
  EXPECT_EQ(first.bytes().size(), 7u);
  EXPECT_EQ(first.bytes()[0], std::byte{'c'});
  EXPECT_EQ(outcome([&] { MappedFile(folder_ / "x"); }), ErrorCode::not_found);
}

TEST_F(FileTest, what_a_mapping_forgets_is_there_again) {
  const std::string content(100'000, 'c');
  replace_file(folder_ / "x", content);
  const MappedFile mapped(folder_ / "x");
  for (const std::size_t offset : {std::size_t{0}, std::size_t{5000}, content.size() - 10}) {
    mapped.forget(offset, content.size() - offset);
    mapped.forget(offset, content.size());  // beyond the end: nothing happens
    EXPECT_TRUE(std::ranges::all_of(mapped.bytes(), [](auto b) { return b == std::byte{'c'}; }));
  }
}

TEST_F(FileTest, a_pipe_is_refused_instead_of_waited_for) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(outcome([&] { read_file(folder_ / "pipe", 100); }), ErrorCode::unsupported);
  EXPECT_EQ(outcome([&] { MappedFile(folder_ / "pipe"); }), ErrorCode::unsupported);
}

TEST_F(FileTest, an_empty_file_maps_to_nothing) {
  replace_file(folder_ / "x", std::string_view());
  EXPECT_TRUE(MappedFile(folder_ / "x").bytes().empty());
  EXPECT_TRUE(read_file(folder_ / "x", 0).empty());
}

TEST_F(FileTest, a_folder_is_no_file) {
  EXPECT_EQ(outcome([&] { MappedFile(folder_.path()); }), ErrorCode::io);
  EXPECT_EQ(outcome([&] { read_file(folder_.path(), 1 << 20); }), ErrorCode::io);
  EXPECT_EQ(outcome([&] { File(folder_.path(), File::Mode::update); }), ErrorCode::io);
}

TEST_F(FileTest, a_file_above_the_limit_is_not_read) {
  replace_file(folder_ / "x", std::string(100, 'x'));
  EXPECT_EQ(read_file(folder_ / "x", 100).size(), 100u);
  EXPECT_EQ(outcome([&] { read_file(folder_ / "x", 99); }), ErrorCode::unsupported);
  EXPECT_EQ(outcome([&] { read_text(folder_ / "x", 99); }), ErrorCode::unsupported);
}

TEST_F(FileTest, replacing_leaves_one_file_and_keeps_the_old_one_for_who_has_it_open) {
  replace_file(folder_ / "x", std::string_view("old"));
  const File old(folder_ / "x", File::Mode::read);
  replace_file(folder_ / "x", std::string_view("longer"));
  EXPECT_EQ(read_text(folder_ / "x"), "longer");
  EXPECT_EQ(old.size(), 3u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
  EXPECT_EQ(outcome([&] { replace_file(folder_ / "no/x", std::string_view("x")); }),
            ErrorCode::not_found);
}

TEST(Checksum, is_xxh3) {
  // printf '' | xxhsum -H3; printf '' | xxhsum -H2
  EXPECT_EQ(checksum({}), 0x2d06800538d394c2U);
  EXPECT_EQ(content_hash({}), "99aa06d3014798d86001c324468d497f");
}

TEST(Checksum, differs_for_every_flipped_bit) {
  const std::string whole(200, 'w');
  const auto sum = checksum(bytes_of(whole));
  test::each_flip(whole, 1600,
                  [&](const std::string& bytes) { EXPECT_NE(checksum(bytes_of(bytes)), sum); });
}

}  // namespace
}  // namespace alike
