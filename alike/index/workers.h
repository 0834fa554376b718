// What threads keep from piece to piece of a parallel_for.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

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
  /// All workers, once nobody borrows any.
  std::vector<Worker>& all() { return idle_; }

 private:
  Worker fresh_;
  std::mutex mutex_;
  std::vector<Worker> idle_;
};

}  // namespace alike::index
