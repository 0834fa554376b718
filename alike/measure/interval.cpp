#include "alike/measure/interval.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "alike/base/random.h"

namespace alike::measure {
namespace {

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

Interval percentile_interval(std::vector<double> samples) {
  std::ranges::sort(samples);
  const std::size_t last = samples.size() - 1;
  const auto quantile = [&](double share) {
    const double at = share * static_cast<double>(last);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, last);
    return samples[low] + (at - static_cast<double>(low)) * (samples[high] - samples[low]);
  };
  return {quantile(0.025), quantile(0.975)};
}

Interval bootstrap_interval(std::span<const double> values, std::uint64_t seed, std::size_t draws) {
  if (values.size() < 2 || draws < 2) return {mean(values), mean(values)};
  Random random(seed);
  std::vector<double> means(draws);
  for (double& of_draw : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    of_draw = sum / static_cast<double>(values.size());
  }
  return percentile_interval(std::move(means));
}

Difference paired_difference(const Measure& first, const Measure& second, std::uint64_t seed,
                             std::size_t draws) {
  std::vector<double> differences;
  for (std::size_t a = 0, b = 0; a < first.rows.size() && b < second.rows.size();) {
    if (first.rows[a] < second.rows[b]) {
      ++a;
    } else if (first.rows[a] > second.rows[b]) {
      ++b;
    } else {
      differences.push_back(second.values[b++] - first.values[a++]);
    }
  }
  return {mean(differences), bootstrap_interval(differences, seed, draws), differences.size()};
}

}  // namespace alike::measure
