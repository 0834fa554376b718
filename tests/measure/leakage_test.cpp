#include "alike/measure/leakage.h"

#include <gtest/gtest.h>

#include <limits>

#include "alike/base/error.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

/// 40 rows; the test rows are 30 to 39.
struct Case {
  Case() : rows(test::random_matrix(40, 16, 3)) {
    for (std::uint32_t i = 0; i < 40; ++i) {
      (i < 30 ? split.train : split.test).push_back(i);
      contents.push_back("content " + std::to_string(i));
    }
  }
  Matrix rows;
  Split split;
  std::vector<std::string> contents;
};

TEST(Leakage, is_found_by_rows_and_by_content) {
  Case made;
  std::ranges::copy(made.rows.row(4), made.rows.row(33).begin());
  for (float& value : made.rows.row(33)) value *= 3;  // cosine does not see it
  std::ranges::copy(made.rows.row(7), made.rows.row(35).begin());
  made.rows.row(35)[0] += 1e-3F;
  made.contents[38] = made.contents[12];
  std::ranges::copy(made.rows.row(12), made.rows.row(38).begin());
  for (const int threads : {1, 2}) {
    const Leakage found = find_leakage(made.rows, made.split, made.contents, {0.99, threads});
    ASSERT_EQ(found.leaks.size(), 3U);
    EXPECT_EQ(found.leaks[0].test, 33U);
    EXPECT_EQ(found.leaks[0].train, 4U);
    EXPECT_NEAR(found.leaks[0].similarity, 1, 1e-6);
    EXPECT_FALSE(found.leaks[0].same_content);
    EXPECT_EQ(found.leaks[1].train, 7U);
    EXPECT_EQ(found.leaks[2].test, 38U);
    EXPECT_EQ(found.leaks[2].train, 12U);
    EXPECT_TRUE(found.leaks[2].same_content);
    EXPECT_DOUBLE_EQ(found.leaked.value, 0.3);
    EXPECT_EQ(found.leaked.rows, made.split.test);
  }
}

TEST(Leakage, of_content_needs_no_near_rows) {
  Case made;
  made.contents[31] = made.contents[2] = made.contents[5] = "equal";
  made.contents[39] = made.contents[1] = "";  // unknown: equal to nothing
  const Leakage found = find_leakage(made.rows, made.split, made.contents, {1, 1});
  ASSERT_EQ(found.leaks.size(), 1U);
  EXPECT_EQ(found.leaks[0].train, 2U);
  EXPECT_TRUE(find_leakage(made.rows, made.split, {}, {1, 1}).leaks.empty());
}

TEST(Leakage, refuses_what_does_not_fit) {
  Case made;
  const auto refused = [&](const Split& split, std::size_t contents, double similarity) {
    try {
      find_leakage(made.rows, split, std::span(made.contents).first(contents), {similarity, 1});
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  EXPECT_TRUE(refused(made.split, 40, 0));
  EXPECT_TRUE(refused(made.split, 40, 1.5));
  EXPECT_TRUE(refused(made.split, 39, 0.9));
  EXPECT_TRUE(refused({{0, 1}, {}}, 40, 0.9));
  EXPECT_TRUE(refused({{}, {0, 1}}, 40, 0.9));
  EXPECT_TRUE(refused({{0}, {40}}, 40, 0.9));
  made.rows.row(32)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(refused(made.split, 40, 0.9));
}

}  // namespace
}  // namespace alike::measure
