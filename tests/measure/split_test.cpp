#include "alike/measure/split.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "alike/base/error.h"

namespace alike::measure {
namespace {

const std::vector<int> kLabels{0, 0, 0, 0, 0, 1, 1, -1, 2, 0, 0, 0, 0, 0};

std::size_t of_class(const std::vector<std::uint32_t>& rows, int label) {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [&](std::uint32_t row) { return kLabels[row] == label; }));
}

TEST(Split, takes_its_share_of_each_class_and_leaves_one) {
  const Split split = stratified_split(kLabels, 0.2, 1);
  EXPECT_EQ(of_class(split.test, 0), 2U);
  EXPECT_EQ(of_class(split.test, 1), 1U);
  EXPECT_EQ(of_class(split.train, 1), 1U);
  EXPECT_EQ(of_class(split.test, 2), 0U);
  EXPECT_EQ(of_class(split.train, 2), 1U);
  std::vector<std::uint32_t> all = split.train;
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::ranges::sort(all);
  EXPECT_EQ(all, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13}));
  EXPECT_TRUE(std::ranges::is_sorted(split.test));
}

TEST(Split, is_that_of_its_seed) {
  EXPECT_EQ(stratified_split(kLabels, 0.5, 7).test, stratified_split(kLabels, 0.5, 7).test);
  EXPECT_NE(stratified_split(kLabels, 0.5, 7).test, stratified_split(kLabels, 0.5, 8).test);
}

TEST(Split, refuses_shares_that_leave_nothing) {
  for (const double share : {0.0, 1.0, -0.5, 2.0}) {
    EXPECT_THROW(stratified_split(kLabels, share, 1), Error);
  }
}

TEST(Split, takes_a_few_of_each_class) {
  const std::vector<std::uint32_t> rows{0, 1, 2, 5, 6, 8, 9};
  const auto few = few_of_each(rows, kLabels, 2, 3);
  EXPECT_EQ(of_class(few, 0), 2U);
  EXPECT_EQ(of_class(few, 1), 2U);
  EXPECT_EQ(of_class(few, 2), 1U);
  EXPECT_TRUE(
      std::ranges::all_of(few, [&](auto row) { return std::ranges::count(rows, row) == 1; }));
}

}  // namespace
}  // namespace alike::measure
