#include "alike/collection/ingest/excludes.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

TEST(ExcludesTest, a_pattern_without_slash_is_a_name_anywhere_one_with_slash_a_path) {
  const Excludes excludes({"*_original", "old/raw*", "$RECYCLE.BIN", "[xy].png", "a\\*b"});
  for (const char* path : {"a.jpg_original", "deep/er/a.jpg_original", "old/raw", "old/raw 2",
                           "c/$RECYCLE.BIN", "x.png", "a*b"}) {
    EXPECT_TRUE(excludes.match(path)) << path;
  }
  for (const char* path :
       {"a.jpg", "raw", "older/raw", "new/old/raw", "z.png", "X.png", "aXb", "a_original/b.jpg"}) {
    EXPECT_FALSE(excludes.match(path)) << path;
  }
}

TEST(ExcludesTest, a_folder_is_left_out_with_all_below) {
  const Excludes excludes({"@eaDir"});
  EXPECT_TRUE(excludes.match_within("a/@eaDir/b/c.jpg"));
  EXPECT_TRUE(excludes.match_within("@eaDir"));
  EXPECT_FALSE(excludes.match_within("a/b/c.jpg"));
}

TEST(ExcludesTest, patterns_that_name_nothing_or_everything_are_refused) {
  EXPECT_EQ(Excludes::checked("/old/raw/"), "old/raw");
  EXPECT_EQ(Excludes::checked("*~"), "*~");
  for (const std::string glob : {"", "/", "//", "*", "**", "/*/", "\xff"}) {
    EXPECT_EQ(test::outcome([&] { Excludes::checked(glob); }), ErrorCode::invalid_argument) << glob;
  }
  EXPECT_EQ(test::outcome([] { Excludes::checked(std::string(2000, 'a')); }),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike::collection
