#include "alike/serve/open_collection.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "tests/support/error_code.h"
#include "tests/support/temporary_folder.h"

namespace alike::serve {
namespace {

namespace fs = std::filesystem;

class OpenCollectionsTest : public testing::Test {
 protected:
  /// The `.alike` of a new folder of pictures.
  fs::path made(const std::string& name) {
    fs::create_directories(folder_ / name);
    collection::Collection::create(folder_ / name, folder_ / name / ".alike");
    return folder_ / name / ".alike";
  }

  test::TemporaryFolder folder_;
  OpenCollections all_;
};

TEST(ShortName, is_made_of_small_letters_digits_and_dashes) {
  EXPECT_EQ(short_name("My Photos (2019)"), "my-photos-2019");
  EXPECT_EQ(short_name("a"), "a");
  EXPECT_EQ(short_name("--a__b--"), "a-b");
  EXPECT_EQ(short_name("../../etc"), "etc");
  for (const char* none : {"", "...", "日本", "\xff", "/"})
    EXPECT_EQ(short_name(none), "pictures") << none;
  EXPECT_EQ(short_name(std::string(200, 'x')).size(), 60U);
  EXPECT_EQ(short_name(std::string(59, 'x').append(" y")), std::string(59, 'x'));
}

TEST_F(OpenCollectionsTest, have_names_of_their_own) {
  EXPECT_EQ(all_.add(made("a/Photos"))->id(), "photos");
  EXPECT_EQ(all_.add(made("b/photos"))->id(), "photos-2");
  EXPECT_EQ(all_.add(made("c/PHOTOS!"))->id(), "photos-3");
  EXPECT_EQ(all_.all().size(), 3U);
  EXPECT_EQ(all_.get("photos-2")->name(), "photos");
}

TEST_F(OpenCollectionsTest, open_a_folder_once_however_it_is_written) {
  const fs::path folder = made("a");
  const auto first = all_.add(folder);
  EXPECT_EQ(all_.add(folder / "." / ".." / ".alike"), first);
  fs::create_directory_symlink(folder_ / "a", folder_ / "link");
  EXPECT_EQ(all_.add(folder_ / "link" / ".alike"), first);
  EXPECT_EQ(all_.all().size(), 1U);
}

TEST_F(OpenCollectionsTest, say_what_there_is_instead) {
  all_.add(made("photos"));
  try {
    all_.get("photo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("photos"), std::string::npos);
  }
  EXPECT_EQ(test::error_code([&] { all_.add(folder_ / "nothing"); }), ErrorCode::not_found);
}

TEST_F(OpenCollectionsTest, know_when_one_has_gone_and_is_back) {
  const fs::path folder = made("a");
  const auto open = all_.add(folder);
  fs::rename(folder_ / "a", folder_ / "b");
  EXPECT_EQ(test::error_code([&] { all_.get("a"); }), ErrorCode::not_found);
  EXPECT_EQ(all_.all().size(), 1U);
  fs::rename(folder_ / "b", folder_ / "a");
  EXPECT_EQ(all_.get("a"), open);
}

TEST_F(OpenCollectionsTest, open_anew_what_was_made_anew) {
  const auto old = all_.add(made("a"));
  fs::remove_all(folder_ / "a");
  made("a");
  const auto open = all_.get("a");
  EXPECT_NE(open, old);
  EXPECT_EQ(open->status().items, 0U);
  EXPECT_EQ(all_.get("a"), open);
  EXPECT_EQ(all_.all().front(), open);
}

TEST_F(OpenCollectionsTest, follow_no_link_that_took_the_place_of_one) {
  const fs::path folder = made("a");
  const fs::path other = made("b");
  const auto open = all_.add(folder);
  fs::remove_all(folder);
  fs::create_directory_symlink(other, folder);
  EXPECT_EQ(test::error_code([&] { all_.get("a"); }), ErrorCode::unsupported);
  EXPECT_EQ(all_.all().front(), open);
}

}  // namespace
}  // namespace alike::serve
