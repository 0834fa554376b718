#include "alike/collection/ingest/folder_watch.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "alike/base/file.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

class FolderWatchTest : public testing::Test {
 protected:
  FolderWatchTest() {
    fs::create_directories(folder_ / "below/deep");
    fs::create_directories(folder_ / ".hidden");
    fs::create_directories(folder_ / "kept");
    replace_file(folder_ / "below/old.png", std::string_view("old"));
  }
  /// Whether `change`, made after the watch began, is noticed. Gives up after a minute.
  bool noticed(const std::function<void()>& change) const {
    FolderWatch watch(folder_.path(), folder_ / "kept");
    change();
    std::stop_source stop;
    std::atomic<bool> over{false};
    std::jthread patience([&] {
      for (int i = 0; i < 600 && !over; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      stop.request_stop();
    });
    const bool changed = watch.wait(stop.get_token());
    over = true;
    return changed;
  }

  test::TemporaryFolder folder_;
};

TEST_F(FolderWatchTest, new_changed_moved_and_deleted_files_are_noticed_at_any_depth) {
  EXPECT_TRUE(noticed([&] { replace_file(folder_ / "a.png", std::string_view("new")); }));
  EXPECT_TRUE(noticed([&] { replace_file(folder_ / "below/deep/a.png", std::string_view("x")); }));
  EXPECT_TRUE(noticed([&] { fs::rename(folder_ / "a.png", folder_ / "below/b.png"); }));
  EXPECT_TRUE(noticed([&] { fs::remove(folder_ / "below/old.png"); }));
}

TEST_F(FolderWatchTest, folders_that_came_later_are_watched_too) {
  FolderWatch watch(folder_.path(), folder_ / "kept");
  fs::create_directories(folder_ / "new");
  EXPECT_TRUE(watch.wait({}));
  replace_file(folder_ / "new/a.png", std::string_view("x"));
  EXPECT_TRUE(watch.wait({}));
}

/// The folders that this process has a watch on, as the kernel lists them.
std::multiset<ino_t> watched() {
  std::multiset<ino_t> inodes;
  for (const auto& entry : fs::directory_iterator("/proc/self/fdinfo")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const auto at = line.find(" ino:");
      if (line.starts_with("inotify ") && at != std::string::npos) {
        inodes.insert(std::stoull(line.substr(at + 5), nullptr, 16));
      }
    }
  }
  return inodes;
}

TEST_F(FolderWatchTest, hidden_folders_and_the_collection_are_not_watched) {
  const auto inodes_of = [&](const std::vector<std::string>& folders) {
    std::multiset<ino_t> inodes;
    for (const std::string& folder : folders) {
      struct stat status {};
      EXPECT_EQ(::stat((folder_ / folder).c_str(), &status), 0);
      inodes.insert(status.st_ino);
    }
    return inodes;
  };
  FolderWatch watch(folder_.path(), folder_ / "kept");
  if (!watched().contains(*inodes_of({""}).begin())) {
    GTEST_SKIP() << "the system does not list watches by the numbers that stat gives";
  }
  EXPECT_EQ(watched(), inodes_of({"", "below", "below/deep"}));
  for (const char* folder : {"new", "new/.hidden", "kept/new", ".hidden/new"}) {
    fs::create_directories(folder_ / folder);
  }
  EXPECT_TRUE(watch.wait({}));
  EXPECT_EQ(watched(), inodes_of({"", "below", "below/deep", "new"}));
}

TEST_F(FolderWatchTest, a_stop_ends_the_wait) {
  std::stop_source stop;
  stop.request_stop();
  FolderWatch watch(folder_.path(), folder_ / "kept");
  EXPECT_FALSE(watch.wait(stop.get_token()));
}

}  // namespace
}  // namespace alike::collection
