#include "alike/serve/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace alike::serve {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

TEST(ServiceTime, expects_nothing_before_the_first_and_then_the_mean) {
  ServiceTime times;
  EXPECT_EQ(times.wait(1000, 2).count(), 0);
  for (int i = 0; i < 60; ++i) times.add(100ms);
  EXPECT_EQ(times.wait(0, 2).count(), 0);
  EXPECT_EQ(times.wait(1, 2).count(), 0);  // a thread is free
  EXPECT_NEAR(times.wait(2, 2).count(), 0.05, 0.001);
  EXPECT_NEAR(times.wait(21, 2).count(), 1.0, 0.01);
  for (int i = 0; i < 60; ++i) times.add(10ms);
  EXPECT_NEAR(times.wait(1, 1).count(), 0.01, 0.001);
}

TEST(ServiceTime, believes_the_first_one_little) {
  ServiceTime times;
  times.add(8s);  // a network was loaded for it
  EXPECT_LT(times.wait(8, 1).count(), 10);
  times.add(10ms);
  EXPECT_LT(times.wait(8, 1).count(), 8);
}

/// A queue of one thread that is busy until it is let go.
class WorkQueueTest : public testing::Test {
 protected:
  void begin(WorkQueueOptions options) {
    queue_ = std::make_unique<WorkQueue>(std::move(options));
    keep_busy();
  }
  /// Lets `queue_` learn how long work takes, and keeps it busy then.
  void begin_after_work_of(std::chrono::milliseconds each) {
    for (int i = 0; i < 30; ++i) {
      ASSERT_TRUE(queue_->offer([&] { std::this_thread::sleep_for(each); }));
      ASSERT_TRUE(queue_->idle_by(WorkQueue::Clock::now() + 60s));
    }
    keep_busy();
  }
  void keep_busy() {
    std::promise<void> begun;
    ASSERT_TRUE(queue_->offer([&] {
      begun.set_value();
      go_.get_future().wait();
    }));
    begun.get_future().wait();
  }

  std::promise<void> go_;
  std::atomic<int> done_ = 0;
  std::unique_ptr<WorkQueue> queue_;
};

TEST_F(WorkQueueTest, refuses_beyond_its_count) {
  begin({.name = "x", .most = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(queue_->offer([&] { ++done_; }));
  EXPECT_FALSE(queue_->offer([&] { ++done_; }));
  go_.set_value();
  EXPECT_TRUE(queue_->idle_by(WorkQueue::Clock::now() + 60s));
  EXPECT_EQ(done_, 3);
}

TEST_F(WorkQueueTest, refuses_who_would_wait_too_long_by_the_time_that_work_took) {
  queue_ =
      std::make_unique<WorkQueue>(WorkQueueOptions{.name = "x", .few = 0, .longest_wait = 100ms});
  begin_after_work_of(60ms);
  queue_->offer([] {});                // 60 ms at the least: taken, but where the machine is busy
  EXPECT_FALSE(queue_->offer([] {}));  // 120 ms at the least
  go_.set_value();
}

TEST_F(WorkQueueTest, lets_a_few_wait_longer) {
  queue_ =
      std::make_unique<WorkQueue>(WorkQueueOptions{.name = "x", .few = 2, .longest_wait = 1ms});
  begin_after_work_of(5ms);
  EXPECT_TRUE(queue_->offer([] {}));
  EXPECT_TRUE(queue_->offer([] {}));
  EXPECT_FALSE(queue_->offer([] {}));
  go_.set_value();
}

TEST_F(WorkQueueTest, lets_nobody_wait_for_seconds_however_few_they_are) {
  queue_ = std::make_unique<WorkQueue>(
      WorkQueueOptions{.name = "x", .most = 1000, .few = 1000, .longest_wait = 1ms});
  begin_after_work_of(60ms);
  int taken = 0;
  while (taken < 1000 && queue_->offer([] {})) ++taken;
  EXPECT_LT(taken, 40);  // 60 ms each at the least
  go_.set_value();
}

TEST_F(WorkQueueTest, drops_what_waits_when_it_is_stopped_and_does_not_wait_for_the_rest) {
  begin({.name = "x"});
  auto held = std::make_shared<int>(1);
  EXPECT_TRUE(queue_->offer([&, held] { ++done_; }));
  EXPECT_EQ(held.use_count(), 2);
  queue_->stop();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(queue_->offer([&] { ++done_; }));
  EXPECT_FALSE(queue_->idle_by(WorkQueue::Clock::now()));
  go_.set_value();
  EXPECT_TRUE(queue_->idle_by(WorkQueue::Clock::now() + 60s));
  EXPECT_EQ(done_, 0);
}

}  // namespace
}  // namespace alike::serve
