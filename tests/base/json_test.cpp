#include "alike/base/json.h"

#include <gtest/gtest.h>

#include "tests/support/damage.h"

namespace alike {
namespace {

using test::outcome;

TEST(Json, what_is_printed_is_parsed_back) {
  const json::value value = {
      {"name", "a\"b\n\u00e4"}, {"numbers", {1, -2.5, 1e300, std::int64_t{1} << 62}},
      {"nothing", nullptr},     {"empty", json::array{}},
      {"also", json::object{}}, {"deep", json::object{{"yes", true}}}};
  const std::string text = print_json(value);
  EXPECT_EQ(parse_json(text, "it"), value);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_NE(text.find("\n  \"deep\": {\n    \"yes\": true\n  }"), std::string::npos) << text;
}

TEST(Json, numbers_are_read_to_the_last_digit) {
  std::uint64_t bits = 1;
  for (int i = 0; i < 10000; ++i) {
    bits = bits * 6364136223846793005ULL + 1442695040888963407ULL;
    const double number = static_cast<double>(bits >> 11) * 0x1.0p-53 * 100;
    const std::string text = print_json_line(number);
    EXPECT_EQ(parse_json(text, "it").as_double(), number) << text;
  }
  EXPECT_EQ(parse_json("[12.0333333333333333333333333333]", "it").as_array()[0],
            12.033333333333333);
  EXPECT_EQ(parse_json("-1.5e-3", "it"), -0.0015);
  EXPECT_EQ(parse_json("1e-999", "it"), 0.0);
  EXPECT_EQ(outcome([] { parse_json("1.5 2", "it"); }), ErrorCode::corrupt);
}

TEST(Json, every_truncation_is_corrupt) {
  test::each_truncation(R"({"a": [1, 2.5, "x\u00e4"], "b": {"c": true}})",
                        [](const std::string& text) {
                          EXPECT_EQ(outcome([&] { parse_json(text, "it"); }), ErrorCode::corrupt);
                        });
}

TEST(Json, flipped_bits_are_an_error_or_another_value) {
  test::each_flip(R"({"a": [1, 2.5, "x\u00e4"], "b": {"c": true}})", 2000,
                  [](const std::string& text) {
                    const auto code = outcome([&] { print_json(parse_json(text, "it")); });
                    EXPECT_EQ(code.value_or(ErrorCode::corrupt), ErrorCode::corrupt);
                  });
}

TEST(Json, nesting_beyond_64_levels_is_refused) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(outcome([&] { parse_json(nested(60), "it"); }), std::nullopt);
  EXPECT_EQ(outcome([&] { parse_json(nested(70), "it"); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { parse_json(nested(1'000'000), "it"); }), ErrorCode::corrupt);
}

TEST(Json, bytes_that_are_not_utf8_are_replaced_or_refused) {
  EXPECT_EQ(json_text("a\xff"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(outcome([] { parse_json("\"\xff\"", "it"); }), ErrorCode::corrupt);
}

TEST(Json, a_member_that_is_missing_or_of_another_kind_is_named) {
  const auto value = parse_json(R"({"text": "t", "number": 2.5, "whole": 7, "big": 1e30})", "it");
  EXPECT_EQ(text_member(value, "text", "it"), "t");
  EXPECT_EQ(number_member(value, "number", "it"), 2.5);
  EXPECT_EQ(number_member(value, "whole", "it"), 7);
  EXPECT_EQ(integer_member(value, "whole", "it"), 7);
  const auto refused = [](const std::function<void()>& work, const std::string& name) {
    try {
      work();
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
      EXPECT_NE(std::string(error.what()).find("it: '" + name + "'"), std::string::npos);
    }
  };
  refused([&] { text_member(value, "none", "it"); }, "none");
  refused([&] { text_member(value, "whole", "it"); }, "whole");
  refused([&] { number_member(value, "text", "it"); }, "text");
  refused([&] { integer_member(value, "number", "it"); }, "number");
  refused([&] { integer_member(value, "big", "it"); }, "big");
  refused([&] { member(json::value(json::array{1}), "x", "it"); }, "x");
}

}  // namespace
}  // namespace alike
