#include "alike/base/text.h"

#include <gtest/gtest.h>

#include "alike/base/random.h"

namespace alike {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

TEST(Text, valid_utf8_stays) {
  for (const std::string text : {"", "plain", "\u00e4\u00f6", "\u20ac", "\U0001F600", "\uFFFD",
                                 "\u07FF\u0800\uFFFF\U00010000\U0010FFFF"}) {
    EXPECT_EQ(valid_utf8(text), text);
  }
}

TEST(Text, each_byte_of_a_sequence_that_is_none_is_replaced) {
  const auto replaced = [](std::string_view bytes, int times) {
    std::string wanted = "a";
    for (int i = 0; i < times; ++i) wanted += kReplacement;
    EXPECT_EQ(valid_utf8("a" + std::string(bytes) + "z"), wanted + "z");
  };
  replaced("\x80", 1);      // a tail alone
  replaced("\xC3", 1);      // a start alone
  replaced("\xE2\x82", 2);  // cut short
  replaced("\xF0\x9F\x98", 3);
  replaced("\xC0\x80", 2);  // overlong
  replaced("\xE0\x80\x80", 3);
  replaced("\xF0\x80\x80\x80", 4);
  replaced("\xED\xA0\x80", 3);      // a surrogate
  replaced("\xF4\x90\x80\x80", 4);  // beyond U+10FFFF
  replaced("\xFF", 1);
}

TEST(Text, cleaned_text_is_clean) {
  Random random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (std::uint64_t n = random.below(12); n > 0; --n) {
      bytes += static_cast<char>(0x60 + random.below(160));
    }
    const std::string text = valid_utf8(bytes);
    EXPECT_EQ(valid_utf8(text), text);
  }
}

TEST(Text, a_slip_finds_the_name_that_was_meant) {
  const std::vector<std::string> names{"block1", "block2", "head", "pooled", "logits"};
  EXPECT_EQ(nearest_names("pooledd", names, 1), (std::vector<std::string>{"pooled"}));
  EXPECT_EQ(nearest_names("haed", names), (std::vector<std::string>{"head"}));
  EXPECT_EQ(nearest_names("block", names, 2), (std::vector<std::string>{"block1", "block2"}));
  EXPECT_TRUE(nearest_names("zzzzzzzzzz", names).empty());
  EXPECT_TRUE(nearest_names("x", {}).empty());
}

TEST(Text, suggestions_read_as_a_sentence) {
  const std::vector<std::string> names{"cat", "cab", "cow"};
  EXPECT_EQ(suggestion("cat", {}), "");
  EXPECT_EQ(suggestion("caz", std::vector<std::string>{"cat", "elephant"}),
            "; did you mean 'cat'?");
  EXPECT_EQ(suggestion("zzzzzzz", names), "; there are 'cat', 'cab' and 'cow'");
  std::vector<std::string> many(40, "averylongname");
  EXPECT_TRUE(suggestion("zz", many).ends_with(" and others"));
}

}  // namespace
}  // namespace alike
