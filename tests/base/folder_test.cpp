#include "alike/base/folder.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include "alike/base/draft_folder.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

namespace fs = std::filesystem;
using Mode = File::Mode;
using test::outcome;

constexpr Mode kModes[] = {Mode::read, Mode::update, Mode::create, Mode::fresh};

class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    fs::create_directories(inside_ / "spaces/a");
    fs::create_directories(folder_ / "outside");
    write(victim_, "precious");
    write(inside_ / "spaces/a/rows", "rows");
  }
  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
  void expect_victim_whole() const { EXPECT_EQ(read_text(victim_), "precious"); }

  test::TemporaryFolder folder_;
  fs::path inside_ = folder_ / "inside";
  fs::path victim_ = folder_ / "outside/victim";
};

TEST_F(FolderTest, plain_files_are_opened_made_replaced_renamed_and_removed) {
  const Folder folder(inside_);
  EXPECT_EQ(folder.open("spaces/a/rows", Mode::read).size(), 4U);
  EXPECT_EQ(folder.size_of("spaces/a/rows"), 4U);
  EXPECT_EQ(folder.size_of("spaces/b/rows"), std::nullopt);
  EXPECT_EQ(folder.links_of("spaces/a/rows"), 1U);
  folder.replace("spaces/a/rows", bytes_of(std::string("newer")));
  EXPECT_EQ(folder.read("spaces/a/rows", 100).size(), 5U);
  EXPECT_EQ(outcome([&] { folder.read("spaces/a/rows", 4); }), ErrorCode::unsupported);
  EXPECT_TRUE(folder.make_folder("spaces/b"));
  EXPECT_FALSE(folder.make_folder("spaces/b"));
  folder.rename("spaces/a/rows", "spaces/b/rows");
  EXPECT_EQ(folder.names("spaces/b"), std::vector<std::string>{"rows"});
  EXPECT_EQ(folder.names("spaces"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(folder.names("none").empty());
  EXPECT_TRUE(folder.remove("spaces/b/rows"));
  EXPECT_FALSE(folder.remove("spaces/b/rows"));
  EXPECT_EQ(outcome([&] { folder.open("spaces/b/rows", Mode::read); }), ErrorCode::not_found);
  folder.remove_all("spaces");
  EXPECT_TRUE(fs::is_empty(inside_));
}

TEST_F(FolderTest, no_link_is_followed_to_a_file_or_through_a_folder) {
  const Folder folder(inside_);
  for (const Mode mode : kModes) {
    fs::remove(inside_ / "link");
    fs::create_symlink(victim_, inside_ / "link");
    if (mode == Mode::fresh) {  // takes the place of the link
      folder.open("link", mode).write_at(0, bytes_of(std::string("x")));
      EXPECT_FALSE(fs::is_symlink(inside_ / "link"));
    } else {
      EXPECT_EQ(outcome([&] { folder.open("link", mode); }), ErrorCode::corrupt);
    }
  }
  fs::create_directory_symlink(victim_.parent_path(), inside_ / "spaces/out");
  for (const Mode mode : kModes) {
    EXPECT_EQ(outcome([&] { folder.open("spaces/out/victim", mode); }), ErrorCode::corrupt);
  }
  EXPECT_EQ(outcome([&] { folder.remove("spaces/out/victim"); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { folder.names("spaces/out"); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { folder.make_folder("spaces/out"); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { folder.rename("spaces/a/rows", "spaces/out/x"); }), ErrorCode::corrupt);
  folder.remove_all("spaces/out");
  EXPECT_FALSE(fs::is_symlink(inside_ / "spaces/out"));
  fs::create_directory_symlink(victim_.parent_path(), inside_ / "spaces/a/out");
  folder.remove_all("spaces");
  expect_victim_whole();
}

TEST_F(FolderTest, names_that_lead_out_are_refused) {
  const Folder folder(inside_);
  for (const std::string name : {"..", "../outside/victim", "spaces/../../outside/victim", "", ".",
                                 "spaces/..", "/etc/passwd", "spaces//rows"}) {
    EXPECT_EQ(outcome([&] { folder.open(name, Mode::read); }), ErrorCode::corrupt) << name;
    EXPECT_EQ(outcome([&] { folder.remove_all(name); }), ErrorCode::corrupt) << name;
  }
  EXPECT_EQ(outcome([&] { folder.open(std::string("a\0b", 3), Mode::read); }), ErrorCode::corrupt);
}

TEST_F(FolderTest, a_file_with_a_second_name_is_read_but_not_written_to) {
  const Folder folder(inside_);
  fs::create_hard_link(victim_, inside_ / "twin");
  EXPECT_EQ(folder.links_of("twin"), 2U);
  EXPECT_EQ(folder.open("twin", Mode::read).size(), 8U);
  EXPECT_EQ(outcome([&] { folder.open("twin", Mode::update); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { folder.open("twin", Mode::create); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { folder.check_one_name("twin"); }), ErrorCode::corrupt);
  folder.check_one_name("missing");
  folder.replace("twin", bytes_of(std::string("other")));
  expect_victim_whole();
}

TEST_F(FolderTest, what_is_no_regular_file_is_refused_without_waiting) {
  const Folder folder(inside_);
  ASSERT_EQ(::mkfifo((inside_ / "pipe").c_str(), 0600), 0);
  sockaddr_un address{AF_UNIX, "socket"};
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const auto before = fs::current_path();
  fs::current_path(inside_);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  fs::current_path(before);
  ::close(socket);
  std::vector<std::string> names{"pipe", "socket", "spaces"};
  if (::mknod((inside_ / "device").c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0) {
    names.emplace_back("device");
  }
  for (const auto& name : names) {
    for (const Mode mode : {Mode::read, Mode::update, Mode::create}) {
      EXPECT_EQ(outcome([&] { folder.open(name, mode); }), ErrorCode::corrupt) << name;
    }
    EXPECT_EQ(outcome([&] { folder.size_of(name); }), ErrorCode::corrupt) << name;
  }
}

TEST_F(FolderTest, a_folder_held_open_stays_the_same_when_its_path_leads_elsewhere) {
  const Folder folder(inside_);
  fs::rename(inside_, folder_ / "moved");
  fs::create_directory_symlink("outside", inside_);
  EXPECT_EQ(outcome([&] { folder.open("victim", Mode::update); }), ErrorCode::not_found);
  EXPECT_EQ(folder.open("spaces/a/rows", Mode::read).size(), 4U);
}

TEST_F(FolderTest, folders_nested_beyond_sense_are_left) {
  fs::path deep = inside_ / "spaces";
  for (int i = 0; i < 40; ++i) deep /= "x";
  fs::create_directories(deep);
  EXPECT_EQ(outcome([&] { Folder(inside_).remove_all("spaces"); }), ErrorCode::corrupt);
}

TEST_F(FolderTest, a_sibling_planted_as_a_link_is_not_written_through) {
  const fs::path out = folder_ / "out.csv";
  fs::create_symlink(victim_, folder_ / "out.csv.new");
  replace_file(out, "answer");
  EXPECT_EQ(read_text(out), "answer");
  expect_victim_whole();
}

TEST_F(FolderTest, missing_folders_are_made_one_in_the_other) {
  make_folders(folder_ / "a/b/c");
  EXPECT_TRUE(fs::is_directory(folder_ / "a/b/c"));
  make_folders(folder_ / "a/b/c/");
  EXPECT_EQ(outcome([&] { make_folders(victim_ / "x"); }), ErrorCode::io);
}

TEST_F(FolderTest, a_draft_goes_with_its_object_and_an_abandoned_one_with_the_next) {
  const fs::path target = folder_ / "copy";
  const fs::path abandoned = folder_ / ".alike-draft-abcdef";
  const fs::path other = folder_ / "copy.draft-folder", open = folder_ / ".alike-draft-opened";
  for (const auto& each : {abandoned / "collection", other, open}) fs::create_directories(each);
  for (const auto& each : {abandoned, other}) fs::permissions(each, fs::perms::owner_all);
  fs::create_symlink(victim_.parent_path(), abandoned / "link");
  fs::create_directory_symlink(victim_.parent_path(), folder_ / ".alike-draft-linked");
  {
    const DraftFolder first(target);
    EXPECT_FALSE(fs::exists(abandoned));
    EXPECT_TRUE(fs::exists(other));
    EXPECT_TRUE(fs::exists(open));  // mkdtemp makes none that others can read
    const DraftFolder second(target);
    EXPECT_TRUE(fs::exists(first.path()));  // in use
    EXPECT_NE(first.path(), second.path());
  }
  expect_victim_whole();
  std::size_t left = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    if (entry.path().filename().native().starts_with(".alike-draft-")) ++left;
  }
  EXPECT_EQ(left, 2U);  // no drafts: the link, and the one that others can read
}

}  // namespace
}  // namespace alike
