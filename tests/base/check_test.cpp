#include "alike/base/check.h"

#include <gtest/gtest.h>

#include <optional>

#include "alike/base/error.h"

namespace alike {
namespace {

/// The sentence that `check` refuses with; nothing where it holds.
template <class Check>
std::optional<std::string> refusal(const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.what();
  }
  return std::nullopt;
}

TEST(Require, refuses_with_its_sentence_what_does_not_hold) {
  EXPECT_EQ(refusal([] { require(true, "k is 0"); }), std::nullopt);
  EXPECT_EQ(refusal([] { require(false, "k is 0"); }), "k is 0");
}

TEST(RequireForEachRow, refuses_other_numbers) {
  EXPECT_EQ(refusal([] { require_for_each_row(5, "labels", 5); }), std::nullopt);
  EXPECT_EQ(refusal([] { require_for_each_row(0, "labels", 5); }),
            "0 labels are given for 5 rows; give one for each");
  EXPECT_EQ(refusal([] { require_for_each_row_or_none(0, "ids", 5); }), std::nullopt);
  EXPECT_EQ(refusal([] { require_for_each_row_or_none(6, "ids", 5); }),
            "6 ids are given for 5 rows; give one for each, or none");
}

}  // namespace
}  // namespace alike
