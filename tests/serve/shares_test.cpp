#include "alike/serve/shares.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace alike::serve {
namespace {

using Refusal = Shares::Refusal;

TEST(Shares, are_bounded_in_all_and_for_each_address) {
  Shares shares(5, 3);
  std::vector<Share> held(6);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(shares.grow(held.at(i), "a", 1), Refusal::none);
  EXPECT_EQ(shares.grow(held[3], "a", 1), Refusal::address);
  EXPECT_EQ(shares.grow(held[3], "b", 1), Refusal::none);
  EXPECT_EQ(shares.grow(held[4], "c", 1), Refusal::none);
  EXPECT_EQ(shares.grow(held[5], "d", 1), Refusal::all);
  held[0].give_back();
  EXPECT_EQ(shares.grow(held[5], "d", 1), Refusal::none);
  held.clear();
  EXPECT_EQ(shares.taken(), 0U);
}

TEST(Shares, grow_by_what_is_missing_and_stay_when_refused) {
  Shares shares(100, 60);
  Share one, other;
  EXPECT_EQ(shares.grow(one, "a", 40), Refusal::none);
  EXPECT_EQ(shares.grow(one, "a", 10), Refusal::none);  // it is larger already
  EXPECT_EQ(one.size(), 40U);
  EXPECT_EQ(shares.grow(one, "a", 61), Refusal::address);
  EXPECT_EQ(shares.grow(one, "a", 1'000'000'000'000'000), Refusal::all);
  EXPECT_EQ(one.size(), 40U);
  EXPECT_EQ(shares.grow(other, "b", 60), Refusal::none);
  EXPECT_EQ(shares.grow(one, "a", 41), Refusal::all);
  EXPECT_EQ(shares.taken(), 100U);
}

TEST(Shares, move_and_are_given_back_once) {
  Shares shares(10, 10);
  {
    Share one;
    EXPECT_EQ(shares.grow(one, "a", 4), Refusal::none);
    Share moved = std::move(one);
    Share assigned;
    EXPECT_EQ(shares.grow(assigned, "b", 3), Refusal::none);
    assigned = std::move(moved);
    EXPECT_EQ(shares.taken(), 4U);
    assigned.give_back();
    assigned.give_back();
    EXPECT_EQ(shares.taken(), 0U);
  }
  EXPECT_EQ(shares.taken(), 0U);
}

}  // namespace
}  // namespace alike::serve
