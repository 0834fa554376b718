#include "alike/judge/user_files.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "tests/support/temporary_folder.h"

namespace alike::judge {
namespace {

const std::vector<std::string> kPaths{"a.png", "b, c.png", "d.png"};

template <typename Read>
auto read(Read reader, const std::string& text) {
  const test::TemporaryFolder folder;
  replace_file(folder.path() / "x.csv", std::string_view(text));
  return reader(folder.path() / "x.csv", kPaths);
}

template <typename Read>
ErrorCode refusal(Read reader, const std::string& text) {
  try {
    read(reader, text);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "not refused: " << text;
  return ErrorCode::io;
}

TEST(Given, labels_are_those_of_the_pictures_they_name) {
  const auto given =
      read(read_labels, "path,label\n\"b, c.png\",two\ngone.png,one\na.png,one\na.png,one\n");
  EXPECT_EQ(given.of, (std::vector<std::string>{"one", "two", ""}));
  EXPECT_EQ(given.missing, std::vector<std::string>{"gone.png"});
}

TEST(Given, labels_that_contradict_or_fit_nothing_are_refused) {
  EXPECT_EQ(refusal(read_labels, "a.png,one\na.png,two\n"), ErrorCode::corrupt);
  EXPECT_EQ(refusal(read_labels, "a.png\n"), ErrorCode::corrupt);
  EXPECT_EQ(refusal(read_labels, ",one\n"), ErrorCode::corrupt);
  EXPECT_EQ(refusal(read_labels, "gone.png,one\n"), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal(read_labels, ""), ErrorCode::invalid_argument);
}

TEST(Given, pairs_of_missing_pictures_are_left_out) {
  const auto given = read(read_pairs, "a.png,d.png,1\na.png,gone.png,0\n\"b, c.png\",d.png,0\n");
  ASSERT_EQ(given.pairs.size(), 2U);
  EXPECT_EQ(given.pairs[1].a, 1U);
  EXPECT_FALSE(given.pairs[1].same);
  EXPECT_EQ(given.missing, std::vector<std::string>{"gone.png"});
  EXPECT_EQ(refusal(read_pairs, "a.png,d.png,yes\n"), ErrorCode::corrupt);
  EXPECT_EQ(refusal(read_pairs, "path,path,same\n"), ErrorCode::invalid_argument);
}

TEST(Given, profiles_name_a_picture_once) {
  const auto given = read(read_profiles, "ann,a.png,1\nbob,a.png,0\nann,d.png,0\n");
  ASSERT_EQ(given.profiles.size(), 2U);
  EXPECT_EQ(given.profiles[0].liked, std::vector<std::uint32_t>{0});
  EXPECT_EQ(given.profiles[0].disliked, std::vector<std::uint32_t>{2});
  EXPECT_EQ(refusal(read_profiles, "ann,a.png,1\nann,a.png,1\n"), ErrorCode::corrupt);
  EXPECT_EQ(refusal(read_profiles, "ann,gone.png,1\n"), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike::judge
