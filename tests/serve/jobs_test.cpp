#include "alike/serve/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>

#include "alike/base/error.h"
#include "alike/serve/problem.h"
#include "tests/support/error_code.h"

namespace alike::serve {
namespace {

using std::chrono_literals::operator""s;

/// Work that goes on until it is let go or stopped; counts how often it was begun.
class Gate {
 public:
  JobWork work() {
    return [this](const Watcher& watcher) -> json::object {
      ++begun_;
      watcher.begin("steps");
      for (std::uint64_t done = 0; !open_; ++done) {
        if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped");
        watcher.report({done, 1'000'000'000, 0});
        std::this_thread::yield();
      }
      return {{"answer", 42}};
    };
  }
  void open() { open_ = true; }
  int begun() const { return begun_; }

 private:
  std::atomic<bool> open_ = false;
  std::atomic<int> begun_ = 0;
};

class JobsTest : public testing::Test {
 protected:
  Job start(JobWork work) { return jobs_.start("index", "pictures", "Index", std::move(work)); }
  /// Waits until the job is in this state.
  Job wait(const Job& job, JobState state) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < until) {
      const Job now = jobs_.get(job.id);
      if (now.state == state) return now;
      std::this_thread::yield();
    }
    ADD_FAILURE() << "job stays " << name_of(jobs_.get(job.id).state);
    return {};
  }

  EventHub hub_;
  Gate gate_;  // outlives the jobs
  Jobs jobs_{hub_};
};

TEST_F(JobsTest, does_one_thing_after_the_other) {
  const Job first = start(gate_.work());
  std::atomic<bool> ran = false;
  const Job second = start([&](const Watcher&) -> json::object {
    ran = true;
    return {};
  });
  EXPECT_EQ(first.id, 1U);
  EXPECT_EQ(second.state, JobState::waiting);
  const Job active = wait(first, JobState::active);
  EXPECT_GT(active.started_ms, 0);
  EXPECT_FALSE(ran);
  gate_.open();
  const Job done = wait(first, JobState::done);
  EXPECT_EQ(done.result.at("answer").as_int64(), 42);
  EXPECT_EQ(done.what, "steps");
  EXPECT_GE(done.ended_ms, done.started_ms);
  wait(second, JobState::done);
  EXPECT_TRUE(ran);
  const auto all = jobs_.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.front().id, second.id);
}

TEST_F(JobsTest, keeps_what_failed_with_its_reason_and_tries_again) {
  std::atomic<int> tries = 0;
  const Job job = start([&](const Watcher&) -> json::object {
    if (++tries == 1) throw Error(ErrorCode::io, "the disk is full");
    if (tries == 2) throw std::runtime_error("something else");
    return {};
  });
  EXPECT_EQ(wait(job, JobState::failed).error, "the disk is full");
  EXPECT_TRUE(jobs_.resume(job.id).error.empty());
  while (jobs_.get(job.id).error != "something else") std::this_thread::yield();
  jobs_.resume(job.id);
  EXPECT_TRUE(wait(job, JobState::done).error.empty());
  EXPECT_EQ(tries, 3);
}

TEST_F(JobsTest, pauses_and_goes_on) {
  const Job job = start(gate_.work());
  wait(job, JobState::active);
  jobs_.pause(job.id);
  EXPECT_EQ(wait(job, JobState::paused).ended_ms, 0);
  EXPECT_EQ(jobs_.resume(job.id).state, JobState::waiting);
  wait(job, JobState::active);
  gate_.open();
  wait(job, JobState::done);
  EXPECT_EQ(gate_.begun(), 2);
}

TEST_F(JobsTest, goes_on_when_it_is_resumed_before_it_has_paused) {
  std::promise<void> stopping;
  std::promise<void> let_go;
  auto may_go = let_go.get_future();
  std::atomic<int> begun = 0;
  const Job job = start([&](const Watcher& watcher) -> json::object {
    if (++begun > 1) return {};
    while (!watcher.stop.stop_requested()) std::this_thread::yield();
    stopping.set_value();
    may_go.wait();
    throw Error(ErrorCode::interrupted, "stopped");
  });
  wait(job, JobState::active);
  jobs_.pause(job.id);
  stopping.get_future().wait();
  jobs_.resume(job.id);
  let_go.set_value();
  wait(job, JobState::done);
  EXPECT_EQ(begun, 2);
}

TEST_F(JobsTest, cancels_what_works_and_what_waits) {
  const Job active = start(gate_.work()), waiting = start(gate_.work());
  wait(active, JobState::active);
  EXPECT_EQ(jobs_.cancel(waiting.id).state, JobState::cancelled);
  jobs_.cancel(active.id);
  EXPECT_GT(wait(active, JobState::cancelled).ended_ms, 0);
  EXPECT_EQ(gate_.begun(), 1);
  jobs_.resume(waiting.id);
  wait(waiting, JobState::active);
  jobs_.pause(waiting.id);
  wait(waiting, JobState::paused);
  EXPECT_EQ(jobs_.cancel(waiting.id).state, JobState::cancelled);
}

TEST_F(JobsTest, does_not_wait_for_what_is_paused) {
  const Job blocker = start(gate_.work()), paused = start(gate_.work());
  wait(blocker, JobState::active);
  EXPECT_EQ(jobs_.pause(paused.id).state, JobState::paused);
  const Job last = start([](const Watcher&) { return json::object(); });
  gate_.open();
  wait(last, JobState::done);
  EXPECT_EQ(jobs_.get(paused.id).state, JobState::paused);
}

TEST_F(JobsTest, refuses_what_the_state_does_not_allow) {
  gate_.open();
  const Job done = wait(start(gate_.work()), JobState::done);
  EXPECT_THROW(jobs_.pause(done.id), HttpError);
  EXPECT_THROW(jobs_.resume(done.id), HttpError);
  EXPECT_THROW(jobs_.cancel(done.id), HttpError);
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{2}, ~std::uint64_t{0}}) {
    EXPECT_EQ(test::error_code([&] { jobs_.get(id); }), ErrorCode::not_found);
    EXPECT_EQ(test::error_code([&] { jobs_.pause(id); }), ErrorCode::not_found);
    EXPECT_EQ(test::error_code([&] { jobs_.resume(id); }), ErrorCode::not_found);
    EXPECT_EQ(test::error_code([&] { jobs_.cancel(id); }), ErrorCode::not_found);
  }
}

TEST_F(JobsTest, lets_a_hundred_wait) {
  const Job active = start(gate_.work());
  wait(active, JobState::active);
  for (int i = 0; i < 100; ++i) start(gate_.work());
  EXPECT_EQ(test::error_code([&] { start(gate_.work()); }), ErrorCode::busy);
  gate_.open();
}

TEST_F(JobsTest, stops_what_works_and_starts_nothing_more) {
  const Job active = start(gate_.work()), waiting = start(gate_.work());
  wait(active, JobState::active);
  jobs_.stop();
  jobs_.stop();
  wait(active, JobState::paused);
  start(gate_.work());
  EXPECT_EQ(jobs_.get(waiting.id).state, JobState::waiting);
  EXPECT_EQ(gate_.begun(), 1);
}

TEST_F(JobsTest, tells_every_change) {
  std::mutex mutex;
  std::vector<std::string> states;
  const auto listener = hub_.listen(0, [&](const std::string& text) {
    const std::lock_guard lock(mutex);
    const auto begin = text.find("data: ") + 6;
    const auto job = parse_json(text.substr(begin, text.size() - begin - 2), "it").as_object();
    const std::string state(job.at("state").as_string());
    if (states.empty() || states.back() != state) states.push_back(state);
  });
  const Job job = start(gate_.work());
  wait(job, JobState::active);
  jobs_.pause(job.id);
  wait(job, JobState::paused);
  jobs_.resume(job.id);
  wait(job, JobState::active);
  gate_.open();
  wait(job, JobState::done);
  hub_.leave(listener);
  const std::lock_guard lock(mutex);
  EXPECT_EQ(states,
            (std::vector<std::string>{"waiting", "active", "paused", "waiting", "active", "done"}));
}

TEST(Job, is_told_with_how_long_it_will_take) {
  Job job;
  job.id = 3;
  job.kind = "index";
  job.state = JobState::active;
  job.progress = {25, 100, 2};
  job.rate = 5;
  job.started_ms = 1;
  job.error = "a\xff";
  const json::object text = to_json(job);
  EXPECT_EQ(text.at("eta").as_double(), 15);
  EXPECT_EQ(text.at("started").as_int64(), 1);
  EXPECT_TRUE(text.at("ended").is_null());
  EXPECT_EQ(text.at("error").as_string(), "a\xef\xbf\xbd");
  job.state = JobState::paused;
  EXPECT_TRUE(to_json(job).at("eta").is_null());
}

TEST(Jobs, may_be_stopped_before_they_begin) {
  EventHub hub;
  Jobs jobs(hub);
  jobs.stop();
  jobs.start("index", "a", "b", [](const Watcher&) { return json::object(); });
  EXPECT_EQ(jobs.get(1).state, JobState::waiting);
}

TEST_F(JobsTest, keeps_the_last_hundred_that_ended_and_frees_what_they_held) {
  auto held = std::make_shared<int>(1);
  const auto quick = [held](const Watcher&) -> json::object { return {{"held", *held}}; };
  Job last;
  for (int i = 0; i < 150; ++i) last = wait(start(quick), JobState::done);
  EXPECT_EQ(last.id, 150U);
  EXPECT_EQ(jobs_.all().size(), 100U);
  EXPECT_EQ(jobs_.get(51).state, JobState::done);
  EXPECT_EQ(test::error_code([&] { jobs_.get(50); }), ErrorCode::not_found);
  EXPECT_EQ(test::error_code([&] { jobs_.resume(1); }), ErrorCode::not_found);
  while (held.use_count() > 2) std::this_thread::yield();  // here and in `quick`
}

TEST(Jobs, tells_of_those_that_fail) {
  EventHub hub;
  std::promise<Job> failed;
  Jobs jobs(hub, [&](const Job& job) { failed.set_value(job); });
  jobs.start("verify", "pictures", "Verify",
             [](const Watcher&) -> json::object { throw std::runtime_error("no luck"); });
  EXPECT_EQ(failed.get_future().get().error, "no luck");
}

}  // namespace
}  // namespace alike::serve
