#include "alike/base/csv.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

std::vector<CsvLine> read(const std::string& text) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.csv";
  replace_file(file, std::string_view(text));
  return read_csv(file);
}

TEST(Csv, takes_fields_with_and_without_quotes) {
  const auto lines = read("a,b\r\n\n\"x, y\",\"say \"\"so\"\"\",\n,");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].fields, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(lines[1].number, 3U);
  EXPECT_EQ(lines[1].fields, (std::vector<std::string>{"x, y", "say \"so\"", ""}));
  EXPECT_EQ(lines[2].fields, (std::vector<std::string>{"", ""}));
}

TEST(Csv, passes_over_a_byte_order_mark) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\n")
                .front()
                .fields,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(read("\xEF\xBB\xBF").empty());
}

TEST(Csv, what_is_written_is_read_back) {
  for (const std::string text : {"plain", "with, comma", "\"quoted\"", "", "\""}) {
    const auto lines = read(csv_field(text) + "," + csv_field(text) + "\n");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].fields, (std::vector<std::string>{text, text}));
  }
}

TEST(Csv, names_the_line_whose_quote_does_not_close) {
  for (const char* text : {"a\n\"b,c\n", "a\n\"b\"c,d\n"}) {
    try {
      read(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
      EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace alike
