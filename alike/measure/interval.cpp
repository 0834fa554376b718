#include "alike/measure/interval.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace alike::measure {
namespace {

constexpr double kNormalBound = 1.959963984540054;  // 97.5 % of a normal number lie below

/// Adds `times` the influence of each row to `to`, which grows to hold them.
void add_influences(const Measure& measure, double times, std::vector<double>& to) {
  const auto at = [&](std::uint32_t row) -> double& {
    if (row >= to.size()) to.resize(row + 1);
    return to[row];
  };
  for (std::size_t i = 0; i < measure.rows.size(); ++i) {
    at(measure.rows[i]) += times * (measure.values[i] - measure.value);
  }
  for (std::size_t i = 0; i < measure.others.size(); ++i) {
    at(measure.others[i]) += times * measure.effects[i];
  }
}

double sum_of_squares(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

/// The variance of the mean if the values did not depend on each other.
double plain_variance(const Measure& measure) {
  const auto count = static_cast<double>(measure.values.size());
  double sum = 0;
  for (const double value : measure.values) {
    sum += (value - measure.value) * (value - measure.value);
  }
  return count > 1 ? sum / (count * (count - 1)) : 0;
}

/// By how many standard errors an interval with this part of the variance by draws reaches.
double errors_of(const Measure& measure, double variance) {
  if (measure.drawn_freedom == 0 || !(measure.drawn > 0)) return kNormalBound;
  // Satterthwaite, Biometrics Bulletin 2 (1946).
  const double ratio = variance / measure.drawn;
  return student_bound(static_cast<double>(measure.drawn_freedom) * ratio * ratio);
}

Interval interval_with(const Measure& measure, double variance, double errors) {
  if (measure.values.size() < 2) return {measure.value, measure.value};
  const double most = measure.most;
  const Interval share =
      share_interval(measure.value / most, variance / (most * most),
                     measure.trials * static_cast<double>(measure.values.size()), errors);
  return {share.low * most, share.high * most};
}

}  // namespace

double student_bound(double freedom) {
  constexpr std::array<double, 3> kFew = {12.706, 4.303, 3.182};
  if (freedom < 3.5) return kFew[static_cast<std::size_t>(std::max(1.0, freedom) - 0.5)];
  // Fisher and Cornish's expansion about the normal number (Abramowitz, Stegun, 26.7.5).
  const double z = kNormalBound, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom * freedom * freedom);
}

double drawn_variance(std::span<const double> of_draws, double shared, double noise) {
  const auto count = static_cast<double>(of_draws.size());
  if (count < 2) return 0;
  double mean = 0, square = 0;
  for (const double value : of_draws) mean += value / count;
  for (const double value : of_draws) square += (value - mean) * (value - mean) / (count - 1);
  const double apart = std::max(0.05, 1 - shared);
  return std::max(0.0, square - noise) * (1 / count + (1 - apart) / apart);
}

double variance_of(const Measure& measure) {
  const auto count = static_cast<double>(measure.values.size());
  if (count < 2) return 0;
  std::vector<double> influences;
  add_influences(measure, 1, influences);
  return sum_of_squares(influences) / (count * (count - 1)) + measure.drawn;
}

double design_effect(const Measure& measure) {
  const double plain = plain_variance(measure);
  return plain > 0 ? variance_of(measure) / plain : 1;
}

Interval share_interval(double value, double variance, double count, double errors) {
  const double center = (value * count + 0.5) / (count + 1);
  const double off = value - center;
  const double more = ((1 - center) * (1 - center) + center * center) / 2;
  const double widened =
      variance * count / (count + 1) + off * off / (count + 1) + more / (count * (count + 1));
  const double rows = center * (1 - center) / widened;
  const double square = errors * errors / rows;
  const double middle = (value + square / 2) / (1 + square);
  const double reach =
      std::sqrt(std::max(0.0, square * (value * (1 - value) + square / 4))) / (1 + square);
  return {std::clamp(middle - reach, 0.0, value), std::clamp(middle + reach, value, 1.0)};
}

Interval interval_of(const Measure& measure) {
  const double variance = variance_of(measure);
  return interval_with(measure, variance, errors_of(measure, variance));
}

Interval interval_of(const Measure& part, double design_effect) {
  const auto freedom = std::max(1.0, static_cast<double>(part.values.size()) - 1);
  return interval_with(part, plain_variance(part) * design_effect, student_bound(freedom));
}

Difference paired_difference(const Measure& first, const Measure& second) {
  Difference difference;
  double sum = 0, most = 0;
  for (std::size_t a = 0, b = 0; a < first.rows.size() && b < second.rows.size();) {
    if (first.rows[a] < second.rows[b]) {
      ++a;
    } else if (first.rows[a] > second.rows[b]) {
      ++b;
    } else {
      const double one = second.values[b++] - first.values[a++];
      sum += one;
      most = std::max(most, std::abs(one));
      ++difference.rows;
    }
  }
  if (difference.rows == 0) return difference;
  const auto count = static_cast<double>(difference.rows);
  difference.mean = sum / count;
  difference.interval = {difference.mean, difference.mean};
  if (difference.rows == 1) return difference;
  std::vector<double> influences;
  add_influences(first, -1, influences);
  add_influences(second, 1, influences);
  const double center = sum / (count + 1), off = difference.mean - center;
  const double variance = (sum_of_squares(influences) / (count - 1) + off * off +
                           (most * most + center * center) / count) /
                              (count + 1) +
                          first.drawn + second.drawn;
  const double reach = student_bound(count - 1) * std::sqrt(variance);
  difference.interval = {difference.mean - reach, difference.mean + reach};
  return difference;
}

}  // namespace alike::measure
