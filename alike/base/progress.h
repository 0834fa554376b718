// How long work tells its caller where it is, and how the caller stops it.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace alike {

/// A moment of a long job. Only durable work counts as done, except for the pictures that a
/// transform is being fitted on.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;    ///< 0 while it is not known yet.
  std::uint64_t skipped = 0;  ///< Part of `done`.
};

/// A number that work tells of itself, such as the loss of a step.
struct Figure {
  std::string_view name;
  double value = 0;
};

/// Passed to every long call. `report` may be empty and is called from one thread at a time; after
/// `stop` is requested the call ends soon, keeping the work done.
struct Watcher {
  std::function<void(const Progress&)> report;
  std::stop_token stop;
  /// Called at the start of each part of the work with its unit, such as "rows compared"; `report`
  /// is of the part that began last. May be empty.
  std::function<void(std::string_view)> begin{};
  /// Told of figures as they come. May be empty.
  std::function<void(const std::vector<Figure>&)> figures{};

  /// Calls `report` if there is one.
  void tell(const Progress& progress) const {
    if (report) report(progress);
  }
  /// Calls `begin` if there is one.
  void stage(std::string_view what) const {
    if (begin) begin(what);
  }
};

}  // namespace alike
