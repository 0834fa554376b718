// 95 % confidence intervals of measures, and paired differences.
//
// Each promises to hold the value of another sample of as many rows of the same source. A row moves
// a measure twice: by its own value as a query, and as part of the gallery (or of train) by the
// values of others. Both are in its influence, whose squares sum up to the variance of the measure
// (the infinitesimal jackknife: Efron, The Jackknife, the Bootstrap and Other Resampling Plans,
// 1982). docs/evaluate.md has the method, docs/results.md how often the intervals hold the truth.
#pragma once

#include <cstddef>
#include <span>

#include "alike/measure/measure.h"

namespace alike::measure {

struct Interval {
  double low = 0, high = 0;
};

/// The variance of `value` over samples of as many rows: Σ I² / (n (n − 1)) + `drawn`, I of a row
/// being its value less the mean, where it has one, and its effect, where it has one. 0 for fewer
/// than two values.
double variance_of(const Measure& measure);

/// How many times the variance is that of a mean of values that do not depend on each other; 1
/// where all values are equal.
double design_effect(const Measure& measure);

/// The interval of a share of `count` rows, [0, 1], with this variance: Wilson's (JASA 22, 1927) of
/// value · (1 − value) / variance rows, where one row more, half right, half wrong, is added to the
/// variance. So it is as wide as chance allows where all rows are right. `errors`: how many
/// standard errors it reaches; `count` at least 1.
Interval share_interval(double value, double variance, double count, double errors = 1.96);

/// The interval of a mean over rows; both ends are the mean where there are fewer than two values.
Interval interval_of(const Measure& measure);

/// The interval of a part of the rows of a measure, of a design effect that was estimated on all,
/// and by Student's t, since parts are small.
Interval interval_of(const Measure& part, double design_effect);

/// How much larger the second of two measures of the same rows is.
struct Difference {
  double mean = 0;
  Interval interval;
  std::size_t rows = 0;  ///< That both have.
  /// Is 0 outside the interval?
  bool real() const { return rows > 1 && (interval.low > 0 || interval.high < 0); }
};

/// Of the rows that both measures have. The influences of each row are subtracted; Student's t of
/// the sum of their squares, and of one row more that differs as much as any, either way.
Difference paired_difference(const Measure& first, const Measure& second);

/// The variance of the mean of values from as many draws of rows to learn from, as it would be with
/// other rows to draw from. Two draws have a share `shared` of their rows in common, below 1, so
/// that they differ by less than the whole variance. `noise`: the variance of a draw that is not of
/// its rows. 0 for fewer than two draws.
double drawn_variance(std::span<const double> of_draws, double shared, double noise = 0);

/// The value that Student's t stays below in size with a chance of 95 %; `freedom` at least 1.
double student_bound(double freedom);

}  // namespace alike::measure
