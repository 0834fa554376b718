#include "alike/base/labels.h"

#include <gtest/gtest.h>

namespace alike {
namespace {

TEST(Labels, are_numbered_in_the_order_of_their_names) {
  const std::vector<std::string> words{"cat", "", "bird", "cat", "zebra"};
  const Labels labels = number_labels(words);
  EXPECT_EQ(labels.names, (std::vector<std::string>{"bird", "cat", "zebra"}));
  EXPECT_EQ(labels.of, (std::vector<int>{1, -1, 0, 1, 2}));
}

TEST(Labels, of_nothing_are_none) {
  EXPECT_EQ(number_labels({}).classes(), 0U);
  const std::vector<std::string> empty{"", ""};
  EXPECT_EQ(number_labels(empty).classes(), 0U);
}

}  // namespace
}  // namespace alike
