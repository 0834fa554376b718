#include "alike/base/ordered_work.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <stdexcept>

namespace alike {
namespace {

constexpr std::chrono::milliseconds kLong{60'000};

TEST(OrderedWork, results_come_in_order_whatever_the_threads_and_the_window) {
  for (const int threads : {1, 2, 5}) {
    for (const std::size_t window : {1U, 3U, 100U}) {
      OrderedWork<std::size_t> work(200, window, threads, [](std::size_t i) {
        if (i % 7 == 0) std::this_thread::yield();
        return i * i;
      });
      for (std::size_t i = 0; i < 200; ++i) ASSERT_EQ(work.take(kLong), i * i);
    }
  }
}

TEST(OrderedWork, no_more_than_a_window_is_begun_ahead_of_what_is_taken) {
  std::atomic<std::size_t> begun{0};
  std::atomic<std::size_t> taken{0};
  OrderedWork<int> work(100, 4, 3, [&](std::size_t) {
    EXPECT_LE(++begun, taken + 5);  // one may be taken and not counted yet
    return 0;
  });
  for (; taken < 100; ++taken) ASSERT_TRUE(work.take(kLong));
}

/// Can be moved once, as where memory runs out.
struct MovedOnce {
  MovedOnce() = default;
  MovedOnce(MovedOnce&& other) : moves(other.moves + 1) {
    if (moves > 1) throw std::bad_alloc();
  }
  int moves = 0;
};

TEST(OrderedWork, a_result_that_cannot_be_kept_is_told_to_who_takes_it) {
  OrderedWork<MovedOnce> work(3, 1, 2, [](std::size_t) { return MovedOnce(); });
  EXPECT_THROW(work.take(kLong), std::bad_alloc);
}

TEST(OrderedWork, what_is_not_there_in_time_is_nothing_and_comes_later) {
  std::atomic<bool> go{false};
  OrderedWork<int> work(1, 1, 1, [&](std::size_t) {
    go.wait(false);
    return 7;
  });
  EXPECT_FALSE(work.take(std::chrono::milliseconds(1)));
  go = true;
  go.notify_all();
  EXPECT_EQ(work.take(kLong), 7);
}

TEST(OrderedWork, an_exception_comes_out_of_take) {
  OrderedWork<int> work(10, 10, 2, [](std::size_t i) {
    if (i == 3) throw std::runtime_error("three");
    return 1;
  });
  EXPECT_THROW(
      {
        for (int i = 0; i < 10; ++i) work.take(kLong);
      },
      std::runtime_error);
}

TEST(OrderedWork, what_is_not_taken_is_dropped_without_waiting_for_the_rest) {
  std::atomic<std::size_t> begun{0};
  {
    OrderedWork<int> work(1'000'000, 10, 2, [&](std::size_t) {
      ++begun;
      return 0;
    });
    work.take(kLong);
  }
  EXPECT_LE(begun, 20u);
  const OrderedWork<int> nothing(0, 1, 2, [](std::size_t) { return 0; });
}

}  // namespace
}  // namespace alike
