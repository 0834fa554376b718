#include "alike/collection/ingest/scan.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>

#include "alike/base/file.h"
#include "tests/support/damage.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

class ScanTest : public testing::Test {
 protected:
  void picture(const std::string& path) const { test::write_picture(folder_ / path, 1); }
  void file(const std::string& path, const std::string& content) const {
    fs::create_directories((folder_ / path).parent_path());
    replace_file(folder_ / path, content);
  }
  static Known unknown(const FoundFile&) { return Known::no; }
  Scan look(const LookUp& look_up = unknown, const std::vector<std::string>& excludes = {}) const {
    return scan(folder_.path(), folder_ / ".alike", Excludes(excludes), look_up, {});
  }
  /// As `look`, by a user who is not root, who may read everything.
  std::optional<Scan> look_as_nobody() const {
    fs::permissions(folder_.path(), fs::perms::all);
    constexpr uid_t kNobody = 65534;
    const uid_t user = ::geteuid();
    if (user == 0 && ::seteuid(kNobody) != 0) return std::nullopt;
    const bool reaches =
        ::faccessat(AT_FDCWD, folder_.path().c_str(), R_OK | X_OK, AT_EACCESS) == 0;
    std::optional<Scan> found;
    if (reaches) found = look();
    return ::seteuid(user) == 0 ? found : std::nullopt;
  }
  static std::vector<std::string> paths(const Scan& scan) {
    std::vector<std::string> all;
    for (const auto& found : scan.pictures) all.push_back(found.path);
    return all;
  }
  static std::map<std::string, std::string> reasons(const Scan& scan) {
    std::map<std::string, std::string> all;
    for (const auto& skipped : scan.skipped) all[skipped.path] = skipped.reason;
    return all;
  }

  test::TemporaryFolder folder_;
};

using Paths = std::vector<std::string>;

TEST_F(ScanTest, finds_pictures_by_their_content_sorted_by_path) {
  picture("b.png");
  picture("a/deep/er.jpg");
  picture("picture without a name");
  fs::rename(folder_ / "b.png", folder_ / "b.txt");
  const Scan scan = look();
  EXPECT_EQ(paths(scan), (Paths{"a/deep/er.jpg", "b.txt", "picture without a name"}));
  EXPECT_EQ(scan.pictures[1].size, fs::file_size(folder_ / "b.txt"));
  EXPECT_GT(scan.pictures[1].modified_ns, 1'600'000'000'000'000'000);
  EXPECT_TRUE(scan.skipped.empty());
}

TEST_F(ScanTest, what_is_called_a_picture_and_is_none_is_told_the_rest_passed_over) {
  file("notes.txt", "words");
  file("empty.jpg", "");
  file("words.PNG", "words");
  file("short.webp", "RIFF");
  file("data", std::string("\0\1\2", 3));
  const Scan scan = look();
  EXPECT_TRUE(scan.pictures.empty());
  EXPECT_EQ(scan.ignored, 2u);
  const auto told = reasons(scan);
  EXPECT_EQ(told.size(), 3u);
  for (const char* path : {"empty.jpg", "words.PNG", "short.webp"}) {
    EXPECT_FALSE(told.at(path).empty()) << path;
  }
}

TEST_F(ScanTest, hidden_things_and_the_collection_are_left_out) {
  picture(".hidden.png");
  picture(".folder/a.png");
  picture("kept/a.png");
  const Scan scan = collection::scan(folder_.path(), folder_ / "kept", {}, unknown, {});
  EXPECT_TRUE(scan.pictures.empty());
  EXPECT_EQ(paths(look()), (Paths{"kept/a.png"}));
}

TEST_F(ScanTest, links_to_files_are_followed_those_to_folders_told) {
  picture("real/a.png");
  fs::create_symlink("real/a.png", folder_ / "link.png");
  fs::create_directory_symlink("real", folder_ / "folder");
  fs::create_symlink("nowhere.png", folder_ / "broken.png");
  fs::create_symlink("nowhere", folder_ / "broken");
  fs::create_symlink("loop2.png", folder_ / "loop1.png");
  fs::create_symlink("loop1.png", folder_ / "loop2.png");
  fs::create_directory_symlink("..", folder_ / "real/up");
  const Scan scan = look();
  EXPECT_EQ(paths(scan), (Paths{"link.png", "real/a.png"}));
  const auto told = reasons(scan);
  for (const char* path : {"folder", "broken.png", "loop1.png", "loop2.png", "real/up"}) {
    EXPECT_TRUE(told.contains(path)) << path;
  }
  EXPECT_EQ(told.size(), 5u);
}

TEST_F(ScanTest, names_of_any_bytes_are_taken_as_they_are) {
  const Paths names{"a\nb.png", "it's.png", "quote\".png", "\xff\xfe.png", "\u00e4 \U0001F600.png"};
  for (const auto& name : names) picture(name);
  Paths wanted = names;
  std::ranges::sort(wanted);
  EXPECT_EQ(paths(look()), wanted);
}

TEST_F(ScanTest, pipes_and_sockets_are_not_waited_for_but_told_when_called_pictures) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((folder_ / "pipe.png").c_str(), 0600), 0);
  ASSERT_EQ(::mknod((folder_ / "socket.jpg").c_str(), S_IFSOCK | 0600, 0), 0);
  fs::create_symlink("/dev/null", folder_ / "device.webp");
  const Scan scan = look();
  EXPECT_EQ(scan.ignored, 1u);
  const auto told = reasons(scan);
  EXPECT_EQ(told.size(), 3u);
  EXPECT_TRUE(told.at("pipe.png").starts_with("a pipe"));
  EXPECT_TRUE(told.at("socket.jpg").starts_with("a socket"));
  EXPECT_TRUE(told.at("device.webp").starts_with("a device"));
}

TEST_F(ScanTest, a_folder_that_cannot_be_read_is_told_and_may_hold_all_below) {
  picture("shut/a.png");
  picture("shutter/a.png");
  fs::permissions(folder_ / "shut", fs::perms::none);
  const auto scan = look_as_nobody();
  fs::permissions(folder_ / "shut", fs::perms::owner_all);
  if (!scan) GTEST_SKIP() << "the folder of temporary files is root's alone";
  EXPECT_TRUE(reasons(*scan).contains("shut"));
  EXPECT_TRUE(scan->may_hold("shut/a.png"));
  EXPECT_TRUE(scan->may_hold("shut/deep/er.png"));
  EXPECT_FALSE(scan->may_hold("shutter/a.png"));
  EXPECT_EQ(paths(*scan), (Paths{"shutter/a.png"}));
}

TEST_F(ScanTest, files_in_a_folder_that_may_be_listed_and_not_entered_may_still_be_there) {
  picture("listed/a.png");
  picture("listed/deep/b.png");
  fs::permissions(folder_ / "listed",
                  fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  const auto scan = look_as_nobody();
  fs::permissions(folder_ / "listed", fs::perms::owner_all);
  if (!scan) GTEST_SKIP() << "the folder of temporary files is root's alone";
  EXPECT_TRUE(scan->may_hold("listed/a.png"));
  EXPECT_TRUE(scan->may_hold("listed/deep/b.png"));
  EXPECT_FALSE(scan->may_hold("listed/c.png"));
  EXPECT_EQ(reasons(*scan).size(), 2u);
}

TEST_F(ScanTest, files_deeper_than_any_path_may_still_be_there) {
  const std::string name(200, 'd');
  int at = ::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (int depth = 0; depth < 25; ++depth) {
    ASSERT_EQ(::mkdirat(at, name.c_str(), 0755), 0);
    const int below = ::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY);
    ::close(at);
    at = below;
  }
  ::close(at);
  const Scan scan = look();
  ASSERT_EQ(scan.unread.size(), 1u);
  EXPECT_TRUE(scan.may_hold(*scan.unread.begin() + "/a.png"));
  EXPECT_EQ(reasons(scan).size(), 1u);
}

TEST_F(ScanTest, folders_on_another_device_are_told) {
  struct stat outer {};
  struct stat inner {};
  if (::stat("/dev", &outer) != 0 || ::stat("/dev/shm", &inner) != 0 ||
      outer.st_dev == inner.st_dev) {
    GTEST_SKIP() << "/dev/shm is no device of its own here";
  }
  const Scan found =
      scan("/dev", "", Excludes({"fd", "shm/*", "mqueue", "hugepages"}), unknown, {});
  EXPECT_TRUE(std::ranges::count(found.mounts, "shm") == 1);
  EXPECT_TRUE(look().mounts.empty());
}

TEST_F(ScanTest, names_and_paths_that_are_left_out_are_not_looked_at) {
  for (const char* path : {"@eaDir/a.png", "b/@eaDir/a.png", "b/c.png", "b/raw/d.png", "raw/e.png"})
    picture(path);
  EXPECT_EQ(paths(look(unknown, {"@eaDir", "b/raw"})), (Paths{"b/c.png", "raw/e.png"}));
  EXPECT_EQ(paths(look(unknown, {"[ab@]*"})), (Paths{"raw/e.png"}));
}

TEST_F(ScanTest, files_that_are_as_they_were_are_not_opened_and_those_that_changed_not_judged) {
  file("a.png", "no picture at all");
  file("b", "no picture at all");
  for (const Known known : {Known::same, Known::changed}) {
    const Scan scan = look([=](const FoundFile&) { return known; });
    EXPECT_EQ(paths(scan), (Paths{"a.png", "b"}));
  }
}

TEST_F(ScanTest, a_missing_folder_is_an_error_and_a_stop_is_heard) {
  EXPECT_EQ(test::outcome([&] { scan(folder_ / "no", "", {}, unknown, {}); }),
            ErrorCode::not_found);
  fs::create_directories(folder_ / "a");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(test::outcome([&] { scan(folder_.path(), "", {}, unknown, stop.get_token()); }),
            ErrorCode::interrupted);
}

TEST(Label, is_the_folder_part) {
  EXPECT_EQ(label_of("a.png"), "");
  EXPECT_EQ(label_of("animals/birds/a.png"), "animals/birds");
}

}  // namespace
}  // namespace alike::collection
