// State that threads keep from piece to piece of a parallel_for.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "alike/base/parallel.h"

namespace alike::index {

/// Threads come and go between pieces, so each piece borrows a worker: an idle one, or a copy of
/// the one given here.
template <class Worker>
class Workers {
 public:
  explicit Workers(Worker fresh) : fresh_(std::move(fresh)) {}

  Worker take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return fresh_;
    Worker worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }
  void give_back(Worker worker) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }
  /// Calls `work(i, worker)` for all `i` below `count` on up to `threads` threads. Which worker has
  /// which `i` is left to chance.
  template <class Work>
  void each(std::size_t count, int threads, const Work& work) {
    parallel_for(count, count / kPieces + 1, threads, [&](std::size_t begin, std::size_t end) {
      Worker worker = take();
      for (std::size_t i = begin; i < end; ++i) work(i, worker);
      give_back(std::move(worker));
    });
  }
  /// All workers, once none is borrowed.
  std::vector<Worker>& all() { return idle_; }

 private:
  static constexpr std::size_t kPieces = 256;  // at most; a thread takes one at a time

  Worker fresh_;
  std::mutex mutex_;
  std::vector<Worker> idle_;
};

}  // namespace alike::index
