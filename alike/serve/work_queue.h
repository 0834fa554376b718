// Threads that handlers run on; requests that would wait too long are refused at once.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace alike::serve {

/// How long work takes, as a moving average of the last dozen or so, which starts at zero. Not for
/// several threads.
class ServiceTime {
 public:
  void add(std::chrono::duration<double> taken);
  /// How long one more waits behind `pending` pieces of work that `threads` work on; zero before
  /// the first one has ended.
  std::chrono::duration<double> wait(std::size_t pending, std::size_t threads) const;

 private:
  std::chrono::duration<double> mean_{0};
};

struct WorkQueueOptions {
  std::string name;  ///< Of the work there: "searches".
  std::size_t threads = 1;
  int nice = 0;                                  ///< Steps of `lower_priority`.
  std::size_t most = 256;                        ///< That wait.
  std::size_t few = 16;                          ///< That may wait longer, for each thread.
  std::chrono::milliseconds longest_wait{1000};  ///< Expected, of work taken beyond those.

  /// Expected, of those few.
  std::chrono::milliseconds longest_of_few() const {
    return std::max<std::chrono::milliseconds>(4 * longest_wait, std::chrono::seconds(2));
  }
};

/// Work in the order of its coming. Safe from several threads.
class WorkQueue {
 public:
  using Clock = std::chrono::steady_clock;

  explicit WorkQueue(WorkQueueOptions options);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  /// As `stop`; waits for work under way, however long.
  ~WorkQueue();

  /// Takes the work, which must not throw; false where too much waits, and it is not taken then.
  bool offer(std::function<void()> work);
  /// Drops waiting work; nothing is begun any more.
  void stop();
  /// Waits until nothing is under way, but not beyond `until`; whether that is so.
  bool idle_by(Clock::time_point until);
  const std::string& name() const { return options_.name; }

 private:
  void run();
  bool waits_too_long() const;

  const WorkQueueOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_, idle_;
  std::deque<std::function<void()>> waiting_;
  std::size_t active_ = 0;
  bool stopped_ = false;
  ServiceTime times_;
  std::vector<std::jthread> threads_;  // last: they use the others
};

}  // namespace alike::serve
