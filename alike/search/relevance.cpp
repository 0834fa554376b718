#include "alike/search/relevance.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace alike::search {
namespace {

/// A neighbour must be this much nearer than the typical row.
constexpr double kNearerThanTypical = 0.5;
/// Identical rows differ by about this much cosine through rounding.
constexpr double kRounding = 1e-5;
/// Median absolute deviation → standard deviation of a normal distribution.
constexpr double kNormalDeviation = 1.4826;

/// Median of sorted values.
double median(std::span<const double> sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/// How many standard deviations from the mean the most extreme of n normal draws lies: the location
/// of the Gumbel distribution it tends to (Cramér 1946, 28.6; Embrechts et al. 1997, ex. 3.3.29).
double expected_extreme(double n) {
  const double a = std::sqrt(2 * std::log(n));
  return a - (std::log(std::log(n)) + std::log(4 * std::numbers::pi)) / (2 * a);
}

}  // namespace

RelevanceLine relevance_line(std::span<const index::Neighbor> sample, std::uint64_t rows,
                             index::Metric metric) {
  if (rows < kRelevanceRows || sample.empty() || metric == index::Metric::inner_product) return {};
  // Squared Euclidean distance of unit rows is twice their cosine distance: one rule for both.
  const bool squared = metric == index::Metric::l2;
  std::vector<double> values;
  for (const auto& neighbor : sample) {
    const double distance = neighbor.distance;
    values.push_back(squared ? distance * distance : distance);
  }
  const double typical = median(values);
  for (double& value : values) value = std::abs(value - typical);
  std::sort(values.begin(), values.end());
  const double deviation = kNormalDeviation * median(values);
  const double chance = typical - deviation * expected_extreme(static_cast<double>(rows));
  const double line = std::max(std::min(kNearerThanTypical * typical, chance), 0.0);
  if (!std::isfinite(line)) return {};
  return {static_cast<float>(squared ? std::sqrt(line) : std::max(line, kRounding)), true};
}

}  // namespace alike::search
