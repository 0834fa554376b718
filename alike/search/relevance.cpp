#include "alike/search/relevance.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace alike::search {
namespace {

constexpr std::size_t kSample = 256;
/// Rows of the sample that are measured to all of it for the typical distance of the space.
constexpr std::size_t kProbes = 32;
/// The share of the typical distance within which a neighbour must lie.
constexpr double kNearerThanTypical = 0.5;
/// Identical rows differ by about this much cosine through rounding.
constexpr double kRounding = 1e-5;
/// Median absolute deviation → standard deviation of a normal distribution.
constexpr double kNormalDeviation = 1.4826;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

/// Median distance between rows of the sample.
double typical_distance(const index::SampledRows& sample, const index::Flat& flat) {
  std::vector<float> probes;
  for (std::size_t i = 0; i < sample.block_count(); i += kSample / kProbes) {
    const index::RowBlock block = sample.block(i);
    if (block.dead != nullptr && *block.dead != 0) continue;
    probes.insert(probes.end(), block.values, block.values + sample.width());
  }
  const MatrixView queries{probes.data(), probes.size() / std::max<std::size_t>(1, sample.width()),
                           sample.width()};
  std::vector<double> distances;
  for (const auto& result : flat.search_batch(queries, {.k = kSample})) {
    for (const auto& neighbor : result.neighbors) distances.push_back(neighbor.distance);
  }
  return median(std::move(distances));
}

/// How many standard deviations from the mean the most extreme of n normal draws lies: the location
/// of the Gumbel distribution it tends to (Cramér 1946, 28.6; Embrechts et al. 1997, ex. 3.3.29).
double expected_extreme(double n) {
  const double a = std::sqrt(2 * std::log(n));
  return a - (std::log(std::log(n)) + std::log(4 * std::numbers::pi)) / (2 * a);
}

}  // namespace

RelevanceLine relevance_line(const Background& background, index::Metric metric) {
  if (background.rows < kRelevanceRows || background.distances.empty() ||
      metric == index::Metric::inner_product) {
    return {};
  }
  // Squared Euclidean distance of unit rows is twice their cosine distance: one rule for both.
  const bool squared = metric == index::Metric::l2;
  const auto comparable = [&](double distance) { return squared ? distance * distance : distance; };
  std::vector<double> values;
  for (const float distance : background.distances) values.push_back(comparable(distance));
  const double typical = median(values);
  for (double& value : values) value = std::abs(value - typical);
  const double deviation = kNormalDeviation * median(std::move(values));
  const double half = kNearerThanTypical * std::min(typical, comparable(background.typical));
  const double chance =
      typical - deviation * expected_extreme(static_cast<double>(background.rows));
  const double line = std::max(std::min(half, chance), 0.0);
  if (!std::isfinite(line)) return {};
  return {static_cast<float>(squared ? std::sqrt(line) : std::max(line, kRounding)), true};
}

Strangers::Strangers(std::shared_ptr<const index::RowSource> rows, index::Metric metric)
    : sample_(std::make_shared<const index::SampledRows>(std::move(rows), kSample)),
      flat_(sample_, metric),
      typical_(typical_distance(*sample_, flat_)) {}

Background Strangers::background(std::span<const float> query, const index::Filter& wanted) const {
  Background background{sample_->source_rows(), typical_, {}};
  index::SearchOptions options;
  options.k = kSample;
  options.filter = wanted;
  for (const auto& neighbor : flat_.search(query, options).neighbors) {
    background.distances.push_back(neighbor.distance);
  }
  return background;
}

}  // namespace alike::search
