#include "alike/map/reading/label_quality.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "alike/base/math/sample.h"
#include "alike/base/parallel.h"

namespace alike::map {
namespace {

constexpr std::size_t kDistances = 200'000'000;  ///< That a silhouette may take.
constexpr std::size_t kLeastJudged = 200, kMostJudged = 2000;

/// How many labels are known.
std::size_t distinct(std::span<const int> labels) {
  std::vector<int> known;
  std::ranges::copy_if(labels, std::back_inserter(known), [](int label) { return label >= 0; });
  std::ranges::sort(known);
  return static_cast<std::size_t>(std::unique(known.begin(), known.end()) - known.begin());
}

/// The label that most of `places` have; −1 where none is known.
int vote(std::span<const std::uint32_t> places, std::span<const int> labels) {
  std::vector<std::pair<int, std::size_t>> votes;  // few: a linear search
  for (const std::uint32_t place : places) {
    const int label = labels[place];
    if (label < 0) continue;
    const auto known = std::ranges::find(votes, label, &std::pair<int, std::size_t>::first);
    if (known == votes.end()) {
      votes.emplace_back(label, 1);
    } else {
      ++known->second;
    }
  }
  const auto most = std::ranges::max_element(votes, {}, &std::pair<int, std::size_t>::second);
  return most == votes.end() ? -1 : most->first;
}

/// Of one point: (b − a) / max(a, b).
double silhouette_of(std::size_t of, MatrixView points, std::span<const int> labels,
                     std::vector<double>& sums, const std::vector<std::size_t>& counts) {
  std::ranges::fill(sums, 0.0);
  const auto from = points.row(of);
  for (std::size_t i = 0; i < points.rows; ++i) {
    if (labels[i] < 0) continue;
    const double dx = static_cast<double>(from[0]) - points.row(i)[0],
                 dy = static_cast<double>(from[1]) - points.row(i)[1];
    sums[static_cast<std::size_t>(labels[i])] += std::sqrt(dx * dx + dy * dy);
  }
  const auto own = static_cast<std::size_t>(labels[of]);
  if (counts[own] < 2) return 0;
  const double a = sums[own] / static_cast<double>(counts[own] - 1);
  double b = std::numeric_limits<double>::infinity();
  for (std::size_t label = 0; label < counts.size(); ++label) {
    if (label == own || counts[label] == 0) continue;
    b = std::min(b, sums[label] / static_cast<double>(counts[label]));
  }
  return std::max(a, b) > 0 ? (b - a) / std::max(a, b) : 0;
}

}  // namespace

std::optional<double> label_accuracy(const Neighbors& neighbors, std::span<const int> labels,
                                     std::size_t k) {
  if (distinct(labels) < 2 || neighbors.k == 0) return std::nullopt;
  std::size_t judged = 0, right = 0;
  for (std::size_t row = 0; row < neighbors.rows; ++row) {
    if (labels[row] < 0) continue;
    const auto places = neighbors.places_of(row);
    ++judged;
    right += vote(places.first(std::min(k, places.size())), labels) == labels[row] ? 1U : 0U;
  }
  return static_cast<double>(right) / static_cast<double>(judged);
}

std::optional<double> silhouette(MatrixView points, std::span<const int> labels, std::uint64_t seed,
                                 int threads) {
  if (distinct(labels) < 2) return std::nullopt;
  std::vector<std::size_t> counts(static_cast<std::size_t>(*std::ranges::max_element(labels)) + 1);
  std::vector<std::uint32_t> known;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    ++counts[static_cast<std::size_t>(labels[i])];
    known.push_back(static_cast<std::uint32_t>(i));
  }
  const std::size_t affordable = kDistances / std::max<std::size_t>(1, points.rows);
  const std::size_t judged =
      std::min(known.size(), std::clamp(affordable, kLeastJudged, kMostJudged));
  const auto sample = even_sample(known.size(), judged, seed);
  std::vector<double> each(judged);
  parallel_for(judged, 16, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<double> sums(counts.size());
    for (std::size_t i = begin; i < end; ++i) {
      each[i] = silhouette_of(known[sample[i]], points, labels, sums, counts);
    }
  });
  double sum = 0;
  for (const double one : each) sum += one;
  return sum / static_cast<double>(judged);
}

}  // namespace alike::map
