// Work done by several threads and taken in order by one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace alike {

/// Runs `work(i)` for i in [0, count) on `threads` threads, at most `window` ahead of the results
/// taken, on fewer where the system gives no more. `take` gives the results in order of i, to one
/// thread. The destructor drops calls not yet begun and waits for the rest.
template <class Result>
class OrderedWork {
 public:
  OrderedWork(std::size_t count, std::size_t window, int threads,
              std::function<Result(std::size_t)> work)
      : count_(count), window_(window), work_(std::move(work)) {
    try {
      for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
    } catch (const std::exception&) {
      if (threads_.empty()) throw;  // otherwise those that there are will do
    }
  }
  OrderedWork(const OrderedWork&) = delete;
  OrderedWork& operator=(const OrderedWork&) = delete;
  ~OrderedWork() {
    const std::unique_lock lock(mutex_);
    count_ = 0;
    room_.notify_all();
  }

  /// The next result; nullopt if not ready within `patience`. Rethrows the exception of `work`.
  std::optional<Result> take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, patience, [this] { return failure_ || results_.count(taken_) != 0; });
    if (failure_) std::rethrow_exception(failure_);
    const auto found = results_.find(taken_);
    if (found == results_.end()) return std::nullopt;
    std::optional<Result> result(std::move(found->second));
    results_.erase(found);
    ++taken_;
    room_.notify_all();
    return result;
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      room_.wait(lock, [this] { return next_ >= count_ || next_ < taken_ + window_; });
      if (next_ >= count_ || failure_) return;
      const std::size_t i = next_++;
      lock.unlock();
      std::optional<Result> result;
      std::exception_ptr failure;
      try {
        result.emplace(work_(i));
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      try {
        if (!failure) results_.emplace(i, std::move(*result));
      } catch (...) {
        failure = std::current_exception();
      }
      if (failure && !failure_) failure_ = failure;
      ready_.notify_one();
    }
  }

  std::size_t count_;
  std::size_t window_;
  std::function<Result(std::size_t)> work_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable ready_;
  std::size_t next_ = 0;
  std::size_t taken_ = 0;
  std::map<std::size_t, Result> results_;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;  ///< Last, so that they are joined before the rest goes.
};

}  // namespace alike
