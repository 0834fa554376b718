#include "alike/collection/catalog/trust.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <thread>

#include "alike/base/file.h"
#include "alike/collection/catalog/database.h"
#include "alike/collection/collection.h"
#include "tests/support/error_code.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

class TrustTest : public testing::Test {
 protected:
  TrustTest() {
    ::setenv("ALIKE_HOME", (folder_ / "home").c_str(), 1);
    fs::create_directories(folder_ / "pictures");
    fs::create_directories(folder_ / "elsewhere");
  }
  ~TrustTest() override { ::unsetenv("ALIKE_HOME"); }

  /// A collection in the folder of pictures that names `pictures`.
  fs::path naming(const fs::path& pictures) const {
    const fs::path home = folder_ / "pictures/.alike";
    { Collection::create(folder_ / "pictures", home); }
    Database database(home / "catalog.db", Database::Mode::write);
    database.prepare("UPDATE settings SET value = ? WHERE key = 'pictures'")
        .bind(pictures.native())
        .run();
    return home;
  }
  static bool readable(const fs::path& home) {
    const Collection opened(home);
    try {
      opened.readable_pictures();
      return true;
    } catch (const UntrustedPictures& error) {
      EXPECT_EQ(error.remedy().value().arguments.back(), "--trust");
      return false;
    }
  }

  test::TemporaryFolder folder_;
};

TEST_F(TrustTest, is_not_asked_for_where_pictures_lie_beside_the_collection) {
  EXPECT_TRUE(readable(naming("")));
}

TEST_F(TrustTest, is_not_asked_for_below_the_folder_of_the_collection) {
  fs::create_directories(folder_ / "pictures/some");
  EXPECT_TRUE(readable(naming(folder_ / "pictures/some")));
}

TEST_F(TrustTest, is_asked_for_once_where_a_collection_names_another_folder) {
  const auto home = naming(folder_ / "elsewhere");
  EXPECT_FALSE(readable(home));
  trust(home, folder_ / "elsewhere");
  EXPECT_TRUE(readable(home));
  trust(home, folder_ / "elsewhere");
  const std::string list = read_text(trust_file());
  EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), 1);
}

TEST_F(TrustTest, loses_no_entry_where_several_are_made_at_once) {
  constexpr int kThreads = 4, kEach = 20;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        trust(folder_ / std::to_string(thread * kEach + i) / "c", folder_ / "elsewhere");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const std::string list = read_text(trust_file());
  EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), kThreads * kEach);
}

TEST_F(TrustTest, leaves_a_list_that_cannot_be_read) {
  fs::create_directories(folder_ / "home");
  { File(trust_file(), File::Mode::fresh).resize(17 << 20); }  // longer than any is
  const auto home = naming(folder_ / "elsewhere");
  EXPECT_EQ(test::error_code([&] { trust(home, folder_ / "elsewhere"); }), ErrorCode::unsupported);
  EXPECT_EQ(fs::file_size(trust_file()), 17 << 20);
}

TEST_F(TrustTest, follows_links_out_of_the_folder) {
  const auto home = naming(folder_ / "pictures/link");
  fs::create_directory_symlink(folder_ / "elsewhere", folder_ / "pictures/link");
  EXPECT_FALSE(readable(home));
}

TEST_F(TrustTest, holds_for_that_collection_and_that_folder_only) {
  const auto home = naming(folder_ / "elsewhere");
  trust(home, folder_ / "home");
  trust(folder_ / "other.alike", folder_ / "elsewhere");
  EXPECT_FALSE(readable(home));
}

TEST_F(TrustTest, is_there_for_a_collection_that_this_user_made) {
  { Collection::create(folder_ / "elsewhere", folder_ / "own/c"); }
  EXPECT_TRUE(readable(folder_ / "own/c"));
  fs::remove(trust_file());
  EXPECT_FALSE(readable(folder_ / "own/c"));
}

TEST(ItemPathTest, leads_nowhere_but_into_the_folder_of_pictures) {
  for (const char* good : {"a.jpg", "a/b.jpg", "..a/b..", "a/...", ".a", "a\nb\x1b[31m"}) {
    EXPECT_NO_THROW(check_item_path(good)) << good;
  }
  using namespace std::string_literals;
  for (const std::string& bad : {""s, "/etc/shadow"s, ".."s, "../a"s, "a/../../b"s, "a/.."s,
                                 "a\0b"s, std::string(5000, 'a')}) {
    EXPECT_EQ(test::error_code([&] { check_item_path(bad); }), ErrorCode::corrupt) << bad;
  }
}

TEST_F(TrustTest, does_not_open_the_file_of_an_item_whose_path_leads_out) {
  const Collection opened(naming(""));
  Item item;
  item.path = "../elsewhere/x.jpg";
  EXPECT_EQ(test::error_code([&] { static_cast<void>(opened.picture_file(item)); }),
            ErrorCode::corrupt);
  item.path = "x.jpg";
  EXPECT_EQ(opened.picture_file(item), folder_ / "pictures/x.jpg");
}

}  // namespace
}  // namespace alike::collection
