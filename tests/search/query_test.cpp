#include "alike/search/query.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "tests/support/temporary_folder.h"

namespace alike::search {
namespace {

using Kind = Example::Kind;

class ParseExample : public testing::Test {
 protected:
  void make(const std::string& name) { replace_file(folder_ / name, std::string_view("x")); }
  Example parse(const std::string& word) { return parse_example(word, folder_.path()); }
  ErrorCode code(const std::string& word) {
    try {
      parse(word);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::busy;  // never thrown here
  }
  void expect_file(const std::string& word, const std::string& file, bool positive) {
    const Example example = parse(word);
    EXPECT_EQ(example.kind, Kind::picture) << word;
    EXPECT_EQ(example.file, folder_ / file) << word;
    EXPECT_EQ(example.positive, positive) << word;
  }

  test::TemporaryFolder folder_;
};

TEST_F(ParseExample, takes_files_with_and_without_a_sign) {
  make("a.jpg");
  make("no ending");
  expect_file("a.jpg", "a.jpg", true);
  expect_file("+a.jpg", "a.jpg", true);
  expect_file("-a.jpg", "a.jpg", false);
  expect_file("-no ending", "no ending", false);
  EXPECT_EQ(parse((folder_ / "a.jpg").native()).file, folder_ / "a.jpg");
}

TEST_F(ParseExample, prefers_the_file_that_is_called_so) {
  make("a.jpg");
  make("-a.jpg");
  make("id:7");
  make("text:x");
  expect_file("-a.jpg", "-a.jpg", true);
  expect_file("./-a.jpg", "./-a.jpg", true);
  expect_file("--a.jpg", "-a.jpg", false);
  expect_file("id:7", "id:7", true);
  expect_file("-text:x", "text:x", false);
}

TEST_F(ParseExample, takes_items) {
  EXPECT_EQ(parse("id:7").kind, Kind::item);
  EXPECT_EQ(parse("id:0").id, 0);
  EXPECT_EQ(parse("+id:9223372036854775807").id, 9223372036854775807);
  EXPECT_FALSE(parse("-id:12").positive);
  for (const auto* word : {"id:", "id:x", "id:7x", "id:-1", "id: 7", "id:9223372036854775808"}) {
    EXPECT_EQ(code(word), ErrorCode::invalid_argument) << word;
  }
}

TEST_F(ParseExample, takes_what_looks_like_a_file_for_one_that_is_missing) {
  expect_file("penguin.png", "penguin.png", true);
  expect_file("-penguin.JPG", "penguin.JPG", false);
  expect_file("birds/penguin", "birds/penguin", true);
  std::filesystem::create_directory(folder_ / "birds.png");
  expect_file("birds.png", "birds.png", true);
}

TEST_F(ParseExample, takes_anything_else_for_words) {
  std::filesystem::create_directory(folder_ / "birds");
  for (const auto* word : {"birds", "red car", "text:birds", "+birds", "a.b"}) {
    EXPECT_EQ(parse(word).kind, Kind::text) << word;
  }
  EXPECT_EQ(parse("text:a/b.jpg").text, "a/b.jpg");
  EXPECT_EQ(parse("-text:red car").text, "red car");
  EXPECT_FALSE(parse("-red car").positive);
  for (const auto* word : {"", "+", "-", "text:", "-text:"}) {
    EXPECT_EQ(code(word), ErrorCode::invalid_argument) << word;
  }
}

}  // namespace
}  // namespace alike::search
