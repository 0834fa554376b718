#include "alike/cli/typed_words.h"
#include "alike/base/text.h"

#include "alike/base/terminal_text.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/human.h"

namespace alike::cli {
namespace {

using Words = std::vector<std::string>;

/// The words once protected words are marked: marked ones are in brackets.
Words marked(const Words& words) {
  Words result;
  for (const auto& word : protect_examples(words)) {
    const bool protected_word = unprotect(word) != word;
    result.push_back(protected_word ? "[" + unprotect(word) + "]" : word);
  }
  return result;
}

ErrorCode code_of_box(const std::string& text) {
  try {
    parse_box(text);
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'" + text + "'"), std::string::npos);
    return error.code();
  }
  return ErrorCode::busy;
}

TEST(Words, unwanted_examples_are_not_taken_for_options) {
  EXPECT_EQ(marked({"search", "+a.jpg", "-b.jpg", "-id:7", "-text:cat", "-dir/c.png"}),
            (Words{"search", "+a.jpg", "[-b.jpg]", "[-id:7]", "[-text:cat]", "[-dir/c.png]"}));
}

TEST(Words, options_stay_options) {
  const Words words{"-C", "x.y", "search", "-k5", "-k", "3", "--sheet", "a.png", "-q", "-0", "-"};
  EXPECT_EQ(marked(words), words);
}

TEST(Words, the_value_of_an_option_is_no_example) {
  EXPECT_EQ(protect_examples({"search", "--region", "-1,0,5,5", "--sheet", "-a.png", "-b.png"},
                             {"--region", "--sheet"}),
            (Words{"search", "--region=-1,0,5,5", "--sheet=-a.png", "\x01-b.png"}));
}

TEST(Words, a_shell_reads_a_word_as_it_is) {
  EXPECT_EQ(shell_word("/a/b-c.jpg"), "/a/b-c.jpg");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Words, only_search_has_examples) {
  const Words words{"index", "-b.jpg"};
  EXPECT_EQ(marked(words), words);
}

TEST(Words, four_numbers_are_a_box) {
  const auto box = parse_box("1,2.5,30,4e1");
  EXPECT_EQ(box.x, 1);
  EXPECT_EQ(box.y, 2.5);
  EXPECT_EQ(box.width, 30);
  EXPECT_EQ(box.height, 40);
  for (const char* text : {"", "1,2,3", "1,2,3,4,5", "1,2,3,", ",1,2,3", "1,2,3,x", "1 2 3 4",
                           "1,2,3,nan", "1,2,3,inf", "1,2,3,4 "}) {
    EXPECT_EQ(code_of_box(text), ErrorCode::invalid_argument) << text;
  }
}

TEST(Words, one_number_stands_for_three) {
  EXPECT_EQ(parse_triple("--mean", "1.5"), (std::array<float, 3>{1.5F, 1.5F, 1.5F}));
  EXPECT_EQ(parse_triple("--mean", "1,2,3"), (std::array<float, 3>{1, 2, 3}));
  EXPECT_THROW(parse_triple("--mean", "1,2"), Error);
}

TEST(Words, sizes_times_and_counts_are_short) {
  EXPECT_EQ(human_bytes(0), "0 bytes");
  EXPECT_EQ(human_bytes(999), "999 bytes");
  EXPECT_EQ(human_bytes(1000), "1.0 kB");
  EXPECT_EQ(human_bytes(999'999), "1.0 MB");
  EXPECT_EQ(human_bytes(12'345'678), "12 MB");
  EXPECT_EQ(human_bytes(9'940'000'000'000), "9.9 TB");
  EXPECT_EQ(human_bytes(1'234'000'000'000'000), "1234 TB");
  EXPECT_EQ(human_duration(0.04), "40 ms");
  EXPECT_EQ(human_duration(9.96), "10 s");
  EXPECT_EQ(human_duration(59.6), "1 min 0 s");
  EXPECT_EQ(human_duration(3599.6), "1 h 0 min");
  EXPECT_EQ(human_duration(7260), "2 h 1 min");
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1000), "1,000");
  EXPECT_EQ(human_count(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(0, "row"), "0 rows");
}

TEST(Words, columns_are_as_wide_as_their_widest_word) {
  EXPECT_EQ(columns({{"a", "1"}, {"größe", "22"}}, "lr"), "a       1\ngröße  22\n");
  EXPECT_EQ(columns({{"a", ""}, {"b", "x"}}, "ll"), "a\nb  x\n");
}

TEST(Words, nothing_printable_moves_the_terminal) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f"), "a\\nb\\x1b[31m\\x7f");
  EXPECT_EQ(printable("gr\xc3\xb6\xdf"), "gr\xc3\xb6\xef\xbf\xbd");
  // C1 control characters are two bytes in UTF-8 and one command to many terminals.
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");
}

TEST(Words, nothing_printable_turns_the_direction_of_writing) {
  EXPECT_EQ(printable("cat\u202egpj.exe"), "cat\\u202egpj.exe");
  for (const char* mark :
       {"\u061c", "\u200e", "\u200f", "\u2028", "\u202a", "\u202e", "\u2066", "\u2069"}) {
    EXPECT_EQ(printable(mark)[0], '\\') << mark;
    EXPECT_EQ(for_terminal(mark)[0], '\\') << mark;
  }
  for (const char* letter :
       {"\u200d", "\u2014", "\u2030", "\u2065", "\u206a", "\u05d0", "\u0639"}) {
    EXPECT_EQ(printable(letter), letter);
  }
}

TEST(Words, a_text_for_a_terminal_keeps_its_lines) {
  EXPECT_EQ(for_terminal("a\tb\n\x1b[2J\xc2\x9bK"), "a\tb\n\\u001b[2J\\u009bK");
}

}  // namespace
}  // namespace alike::cli
