#include "alike/base/priority.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace alike {
namespace {

TEST(Priority, is_of_the_thread_and_of_those_that_it_starts) {
  const auto priority = [] { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); };
  const int before = priority();
  int lowered = 0, started = 0;
  std::thread([&] {
    lower_priority(1);
    lowered = priority();
    std::thread([&] { started = priority(); }).join();
  }).join();
  EXPECT_EQ(lowered, std::min(19, before + 1));
  EXPECT_EQ(started, lowered);
  EXPECT_EQ(priority(), before);
}

}  // namespace
}  // namespace alike
