#include "alike/serve/work_queue.h"

#include <utility>

#include "alike/base/priority.h"

namespace alike::serve {

void ServiceTime::add(std::chrono::duration<double> taken) {
  constexpr double kNew = 0.125;
  mean_ += kNew * (taken - mean_);  // from zero: the first one, which loads things, says little
}

std::chrono::duration<double> ServiceTime::wait(std::size_t pending, std::size_t threads) const {
  if (pending < threads) return std::chrono::duration<double>(0);
  return mean_ * (static_cast<double>(pending + 1 - threads) / static_cast<double>(threads));
}

WorkQueue::WorkQueue(WorkQueueOptions options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkQueue::~WorkQueue() { stop(); }

bool WorkQueue::offer(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= options_.most || waits_too_long()) return false;
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

/// The mutex is held.
bool WorkQueue::waits_too_long() const {
  const auto wait = times_.wait(waiting_.size() + active_, options_.threads);
  if (wait <= options_.longest_wait) return false;
  const bool few = waiting_.size() < options_.few * options_.threads;
  return !few || wait > options_.longest_of_few();
}

void WorkQueue::stop() {
  std::deque<std::function<void()>> dropped;  // destroyed without the mutex
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(waiting_);
  }
  changed_.notify_all();
}

bool WorkQueue::idle_by(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  return idle_.wait_until(lock, until, [this] { return active_ == 0 && waiting_.empty(); });
}

void WorkQueue::run() {
  if (options_.nice > 0) lower_priority(options_.nice);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    if (stopped_) return;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    ++active_;
    lock.unlock();
    const auto start = Clock::now();
    work();
    work = nullptr;  // frees its data before the next one waits
    const auto taken = Clock::now() - start;
    lock.lock();
    times_.add(taken);
    --active_;
    if (active_ == 0 && waiting_.empty()) idle_.notify_all();
  }
}

}  // namespace alike::serve
