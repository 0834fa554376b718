// The lowest point of a smooth convex function of many numbers.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "alike/base/progress.h"

namespace alike::measure {

/// A function of `point` (n); sets `gradient` (n).
using Slope = std::function<double(std::span<const double> point, std::vector<double>& gradient)>;
/// Multiplies a vector (n) by a guess of the inverse of the second derivatives.
using Precondition = std::function<void(std::vector<double>& vector)>;

struct LbfgsOptions {
  std::size_t history = 10;            ///< Steps remembered, at least 1.
  std::size_t most_evaluations = 500;  ///< Of the function.
  /// Ends where the drop that is still expected is below this share of the value, or of 0.1 where
  /// that is more.
  double tolerance = 3e-7;
};

struct Minimum {
  std::vector<double> point;
  double value = 0;
  std::size_t evaluations = 0;
  bool converged = false;  ///< Else `most_evaluations` was reached, or no step went lower.
};

/// L-BFGS (Nocedal 1980) with `precondition` in the place of its first guess, scaled as usual, and
/// a line search for the weak Wolfe conditions by bisection. Throws `interrupted`.
Minimum minimize(const Slope& slope, std::vector<double> start, const Precondition& precondition,
                 const LbfgsOptions& options, const Watcher& watcher = {});

}  // namespace alike::measure
