#include "alike/serve/pixel_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace alike::serve {
namespace {

TEST(PixelBudget, is_never_exceeded_and_everybody_has_his_turn) {
  PixelBudget budget(10);
  std::atomic<int> done = 0;
  std::atomic<bool> exceeded = false;
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        for (int round = 0; round < 200; ++round) {
          const auto hold = budget.take(1 + i);
          if (budget.taken() > 10) exceeded = true;
          ++done;
        }
      });
    }
  }
  EXPECT_EQ(done, 8 * 200);
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(budget.taken(), 0U);
}

TEST(PixelBudget, lets_one_picture_in_however_large_it_is) {
  PixelBudget budget(10);
  const auto hold = budget.take(1'000'000);
  EXPECT_EQ(budget.taken(), 10U);
}

TEST(PixelBudget, keeps_nobody_waiting_who_decodes_nothing) {
  PixelBudget budget(10);
  const auto all = budget.take(10);
  const auto none = budget.take(0);
  EXPECT_EQ(budget.taken(), 10U);
}

}  // namespace
}  // namespace alike::serve
