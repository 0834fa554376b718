#include "alike/base/parallel.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "alike/base/error.h"

namespace alike {
namespace {

TEST(Parallel, every_index_is_worked_on_once_whatever_the_threads_and_grain) {
  for (const int threads : {1, 2, 7}) {
    for (const std::size_t grain : {0U, 1U, 3U, 100U, 5000U}) {
      std::vector<std::atomic<int>> touched(1000);
      parallel_for(touched.size(), grain, threads, [&](std::size_t begin, std::size_t end) {
        EXPECT_LT(begin, end);
        EXPECT_LE(end - begin, std::max<std::size_t>(1, grain));
        for (std::size_t i = begin; i < end; ++i) ++touched[i];
      });
      for (const auto& count : touched) ASSERT_EQ(count, 1);
    }
  }
}

TEST(Parallel, nothing_to_do_calls_nobody) {
  parallel_for(0, 1, 4, [](std::size_t, std::size_t) { ADD_FAILURE(); });
}

TEST(Parallel, one_thread_works_in_order) {
  std::vector<std::size_t> begins;
  parallel_for(10, 3, 1, [&](std::size_t begin, std::size_t) { begins.push_back(begin); });
  EXPECT_EQ(begins, (std::vector<std::size_t>{0, 3, 6, 9}));
}

TEST(Parallel, an_exception_comes_out_and_drops_what_has_not_begun) {
  for (const int threads : {1, 4}) {
    std::atomic<int> calls{0};
    std::atomic<bool> thrown{false};
    const auto work = [&](std::size_t begin, std::size_t) {
      ++calls;
      if (begin == 10) {
        thrown = true;
        thrown.notify_all();
        throw std::runtime_error("ten");
      }
      // The others take long from then on: all of them half a minute.
      if (begin > 10) thrown.wait(false);
      if (thrown) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    };
    EXPECT_THROW(parallel_for(100'000, 1, threads, work), std::runtime_error);
    EXPECT_GE(calls, 11);
    EXPECT_LT(calls, threads == 1 ? 12 : 50'000);
  }
}

TEST(Parallel, no_threads_are_refused) {
  for (const int threads : {0, -1}) {
    EXPECT_THROW(parallel_for(1, 1, threads, [](std::size_t, std::size_t) {}), Error);
  }
}

TEST(ParallelDeathTest, processors_are_those_that_the_process_may_use) {
  EXPECT_EXIT(
      {
        cpu_set_t first;
        CPU_ZERO(&first);
        CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &first);
        ::sched_setaffinity(0, sizeof first, &first);
        std::_Exit(available_processors() == 1 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace alike
