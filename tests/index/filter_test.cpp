#include "alike/index/filter.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <vector>

namespace alike::index {
namespace {

constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

TEST(Filter, of_nothing_lets_all_pass_and_of_an_empty_set_none) {
  EXPECT_FALSE(Filter());
  const Filter none = Filter::of({});
  EXPECT_TRUE(none);
  EXPECT_TRUE(none.is_set());
  EXPECT_FALSE(none(0));
}

TEST(Filter, asks_its_function) {
  const Filter even([](std::int64_t id) { return id % 2 == 0; });
  EXPECT_TRUE(even);
  EXPECT_FALSE(even.is_set());
  EXPECT_TRUE(even.ids().empty());
  EXPECT_TRUE(even(4));
  EXPECT_FALSE(even(5));
}

TEST(Filter, knows_its_ids_however_far_apart_they_are) {
  const std::vector<std::vector<std::int64_t>> sets = {
      {5}, {3, 1, 2, 3}, {-70, 0, 64, 63}, {kSmallest, -1, 0, 1, kLargest}, {7, 9'000'000}};
  for (const auto& ids : sets) {
    const std::set<std::int64_t> truth(ids.begin(), ids.end());
    const Filter filter = Filter::of(ids);
    EXPECT_TRUE(std::equal(truth.begin(), truth.end(), filter.ids().begin(), filter.ids().end()));
    std::vector<std::int64_t> asked = {kSmallest, kSmallest + 1, kLargest - 1, kLargest};
    for (std::int64_t id = -200; id < 200; ++id) asked.push_back(id);
    for (std::int64_t id = -200; id < 200; ++id) asked.push_back(9'000'000 + id);
    for (const std::int64_t id : asked) EXPECT_EQ(filter(id), truth.contains(id)) << id;
  }
}

}  // namespace
}  // namespace alike::index
