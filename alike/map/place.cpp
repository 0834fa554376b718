#include "alike/map/place.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/map/layout/umap_curve.h"
#include "alike/map/layout/umap_levels.h"
#include "alike/map/layout/umap_table.h"

namespace alike::map {
namespace {

constexpr std::size_t kEpochs = 100;
constexpr float kRate = 0.25F;  // of the first one
constexpr std::size_t kPiece = 64;
constexpr float kMostRatio = 1e6F;

float rate_of(std::size_t epoch) {
  return kRate * (1 - static_cast<float>(epoch) / static_cast<float>(kEpochs));
}

float mean_of(std::span<const float> values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return values.empty() ? 0 : static_cast<float>(sum / static_cast<double>(values.size()));
}

/// Mean distance by the median of the usual ones at `places`.
float ratio_of(float mean, std::span<const std::uint32_t> places, std::span<const float> usual) {
  std::vector<float> there;
  for (const std::uint32_t place : places) there.push_back(usual[place]);
  const auto middle = there.begin() + static_cast<std::ptrdiff_t>(there.size() / 2);
  std::nth_element(there.begin(), middle, there.end());
  if (mean <= *middle) return *middle > 0 ? mean / *middle : 1;
  return *middle * kMostRatio <= mean ? kMostRatio : mean / *middle;
}

/// A number that is the neighbours' alone.
std::uint64_t seed_of(std::uint64_t seed, std::span<const std::uint32_t> places,
                      std::span<const float> distances) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::uint64_t bits = std::bit_cast<std::uint32_t>(distances[i]);
    seed = random_bits(seed, (bits << 32) | places[i]);
  }
  return seed;
}

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

}  // namespace

Habits habits_of(const Neighbors& neighbors) {
  Habits habits;
  for (std::size_t row = 0; row < neighbors.rows; ++row) {
    habits.usual.push_back(mean_of(neighbors.distances_of(row)));
  }
  if (neighbors.k == 0) return habits;
  std::vector<float> ratios;
  for (std::size_t row = 0; row < neighbors.rows; ++row) {
    ratios.push_back(ratio_of(habits.usual[row], neighbors.places_of(row), habits.usual));
  }
  const std::size_t at = (ratios.size() - 1) * 999 / 1000;
  std::nth_element(ratios.begin(), ratios.begin() + static_cast<std::ptrdiff_t>(at), ratios.end());
  habits.most_ratio = std::max(habits.most_ratio, 1.25F * ratios[at]);
  return habits;
}

Placer::Placer(Matrix points, Habits habits, const UmapOptions& options, Simd level)
    : points_(std::move(points)), habits_(std::move(habits)), options_(options), level_(level) {
  const std::size_t rows = points_.rows();
  if (rows == 0 || points_.width() != 2 || rows >= std::numeric_limits<std::int32_t>::max()) {
    refuse("the map has " + std::to_string(rows) + " points of " + std::to_string(points_.width()) +
           " numbers; placing needs at least one, of two");
  }
  if (habits_.usual.size() != rows) {
    refuse("there are usual distances of " + std::to_string(habits_.usual.size()) + " rows for " +
           std::to_string(rows) + " points; they must be of the same map");
  }
  if (options.negatives < 1 || options.negatives > 7) {
    refuse("negatives is " + std::to_string(options.negatives) + "; it must be from 1 to 7");
  }
  const Curve curve = fit_curve(options.min_dist, options.spread);
  const auto table = umap_table(curve, options.repulsion);
  for (std::size_t epoch = 0; epoch < kEpochs; ++epoch) {
    coefficients_.push_back(limited_table(table, rate_of(epoch)));
  }
}

void Placer::check(std::span<const std::uint32_t> places, std::span<const float> distances) const {
  if (places.empty() || places.size() != distances.size()) {
    refuse("a row to place has " + std::to_string(places.size()) + " neighbours with " +
           std::to_string(distances.size()) + " distances; it needs one each, at least one");
  }
  const std::uint32_t last = *std::ranges::max_element(places);
  if (last >= points_.rows()) {
    refuse("neighbour " + std::to_string(last) + " is not on the map of " +
           std::to_string(points_.rows()) + " points; the map and the index differ");
  }
  if (!std::ranges::all_of(distances, [](float d) { return d >= 0 && std::isfinite(d); })) {
    refuse("a distance to a neighbour is negative or not finite; a map needs cosine or l2");
  }
}

Placed Placer::place(std::span<const std::uint32_t> places,
                     std::span<const float> distances) const {
  check(places, distances);
  return placed(places, distances);
}

std::vector<Placed> Placer::place(const Neighbors& neighbors, int threads,
                                  const Watcher& watcher) const {
  std::vector<Placed> all(neighbors.rows);
  parallel_for(neighbors.rows, kPiece, threads, [&](std::size_t begin, std::size_t end) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped; none placed");
    for (std::size_t row = begin; row < end; ++row) {
      all[row] = place(neighbors.places_of(row), neighbors.distances_of(row));
    }
  });
  return all;
}

/// The one of `places` with the least weighted distance on the map to all of them.
std::uint32_t Placer::middle(std::span<const std::uint32_t> places,
                             std::span<const float> weights) const {
  std::uint32_t best = places[0];
  double least = std::numeric_limits<double>::infinity();
  for (const std::uint32_t place : places) {
    const auto from = points_.row(place);
    double sum = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto to = points_.row(places[i]);
      const double dx = static_cast<double>(from[0]) - to[0],
                   dy = static_cast<double>(from[1]) - to[1];
      sum += weights[i] * std::sqrt(dx * dx + dy * dy);
    }
    if (sum < least) {
      least = sum;
      best = place;
    }
  }
  return best;
}

Placed Placer::placed(std::span<const std::uint32_t> places,
                      std::span<const float> distances) const {
  Placed out;
  out.ratio = ratio_of(mean_of(distances), places, habits_.usual);
  out.off_the_map = out.ratio > habits_.most_ratio;
  const Reach reach = reach_of(distances, 0, false);
  std::vector<float> weights;
  for (const float distance : distances) weights.push_back(weight_at(reach, distance));
  const auto start = points_.row(distances[0] > 0 ? middle(places, weights) : places[0]);
  std::array<float, 2> at{start[0], start[1]};
  if (distances[0] > 0) {
    const std::array<std::uint64_t, 2> begins{0, places.size()};
    std::vector<std::uint32_t> targets(places.begin(), places.end()), rates;
    for (const float weight : weights) {
      const double share = static_cast<double>(weight) / weights[0];
      rates.push_back(static_cast<std::uint32_t>(std::min(share * 0x1p32, 0x1p32 - 1)));
    }
    targets.resize(targets.size() + kSpareLinks);
    rates.resize(rates.size() + kSpareLinks);
    std::vector<std::uint32_t> due(targets.size());
    const std::uint64_t seed = seed_of(options_.seed, places, distances);
    const UmapKernel move = umap_kernel(level_);
    for (std::size_t epoch = 0; epoch < kEpochs; ++epoch) {
      const UmapStep step{points_.data(),
                          at.data(),
                          at.data(),
                          begins.data(),
                          targets.data(),
                          rates.data(),
                          coefficients_[epoch].data(),
                          static_cast<std::uint32_t>(points_.rows()),
                          static_cast<std::uint32_t>(epoch + 1),
                          static_cast<std::uint32_t>(options_.negatives),
                          rate_of(epoch),
                          0,
                          &seed};
      move(step, 0, 1, due.data());
    }
  }
  out.x = at[0];
  out.y = at[1];
  return out;
}

}  // namespace alike::map
