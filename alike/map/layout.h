// An iterative layout: each step moves every point once.
#pragma once

#include <cstddef>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"

namespace alike::map {

/// A layout that is computed in bounded steps, so that a viewer can draw it meanwhile and a caller
/// can stop it. The points depend on neither the number of threads nor the processor. One thread
/// at a time.
class Layout {
 public:
  virtual ~Layout() = default;

  /// Steps in all; at least 1.
  virtual std::size_t steps() const = 0;
  /// Steps done.
  virtual std::size_t done() const = 0;
  /// Does `count` more steps, or the remaining ones; on up to `threads` threads. Stops after a
  /// step, with that step whole, when `watcher` is asked to; reports steps.
  virtual void advance(std::size_t count, int threads, const Watcher& watcher = {}) = 0;
  /// (rows, 2) as of the last step; valid until the next one. Always finite.
  virtual MatrixView points() const = 0;
};

}  // namespace alike::map
