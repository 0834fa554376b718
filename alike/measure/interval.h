// Bootstrap confidence intervals of measures, and paired differences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/measure/measure.h"

namespace alike::measure {

struct Interval {
  double low = 0, high = 0;
};

/// How many samples the bootstrap draws.
inline constexpr std::size_t kBootstrapDraws = 2000;

/// The 2.5 % and 97.5 % quantiles of the results of a bootstrap, of which there is one at least.
Interval percentile_interval(std::vector<double> samples);

/// The 95 % interval of the mean of `values` by the bootstrap (Efron 1979): the 2.5 % and 97.5 %
/// quantiles of the means of `draws` samples of as many values drawn with replacement. Both ends
/// are the mean where there are fewer than two values. The same for the same values and seed.
Interval bootstrap_interval(std::span<const double> values, std::uint64_t seed,
                            std::size_t draws = kBootstrapDraws);

/// How much larger the second of two measures of the same rows is.
struct Difference {
  double mean = 0;
  Interval interval;
  std::size_t rows = 0;  ///< That both have.
  /// Is 0 outside the interval?
  bool real() const { return interval.low > 0 || interval.high < 0; }
};

/// Pairs the values of rows that both measures have and resamples the pairs, as
/// `bootstrap_interval`.
Difference paired_difference(const Measure& first, const Measure& second, std::uint64_t seed,
                             std::size_t draws = kBootstrapDraws);

}  // namespace alike::measure
