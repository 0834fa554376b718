#include "alike/measure/labels.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"

namespace alike::measure {
namespace {

TEST(Classes, counts_classes_by_the_largest) {
  EXPECT_EQ(class_count(std::vector<int>{}), 0U);
  EXPECT_EQ(class_count(std::vector{-1, -1}), 0U);
  EXPECT_EQ(class_count(std::vector{0, 4, -1}), 5U);
}

TEST(Classes, give_the_rows_of_each_class) {
  const std::vector<int> labels{1, -1, 0, 1};
  EXPECT_EQ(rows_by_class(labels, 3), (std::vector<std::vector<std::uint32_t>>{{2}, {0, 3}, {}}));
  EXPECT_THROW(rows_by_class(labels, 1), Error);
}

}  // namespace
}  // namespace alike::measure
