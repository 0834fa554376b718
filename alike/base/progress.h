// How long work tells its caller where it is, and how the caller stops it.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

namespace alike {

/// A moment of a long job. Only what is durable counts as done, but for the pictures that a
/// transform is being fitted on.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;    ///< 0 while it is not known yet.
  std::uint64_t skipped = 0;  ///< Part of `done`.
};

/// Passed to every long call. `report` may be empty and is called from one thread at a time; after
/// `stop` is requested the call ends soon, keeping what is done.
struct Watcher {
  std::function<void(const Progress&)> report;
  std::stop_token stop;

  /// Calls `report` if there is one.
  void tell(const Progress& progress) const {
    if (report) report(progress);
  }
};

}  // namespace alike
