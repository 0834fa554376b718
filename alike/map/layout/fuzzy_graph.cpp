#include "alike/map/layout/fuzzy_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"
#include "alike/base/parallel.h"

namespace alike::map {
namespace {

constexpr std::size_t kPiece = 1024;  ///< Rows that a thread takes at once.
constexpr int kHalvings = 64;
constexpr double kTolerance = 1e-5;
constexpr double kLeastScale = 1e-3;  // of the mean distance

/// Links of rows to others, one way.
struct Links {
  std::vector<std::uint64_t> begins;
  std::vector<std::uint32_t> targets;
  std::vector<float> weights;
};

/// The same links the other way round, ascending.
Links reversed(const Links& links) {
  Links back;
  const std::size_t rows = links.begins.size() - 1;
  back.begins.resize(rows + 1);
  for (const std::uint32_t target : links.targets) ++back.begins[target + 1];
  std::partial_sum(back.begins.begin(), back.begins.end(), back.begins.begin());
  back.targets.resize(links.targets.size());
  back.weights.resize(links.targets.size());
  std::vector<std::uint64_t> next(back.begins.begin(), back.begins.end() - 1);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::uint64_t i = links.begins[row]; i < links.begins[row + 1]; ++i) {
      const std::uint64_t to = next[links.targets[i]]++;
      back.targets[to] = static_cast<std::uint32_t>(row);
      back.weights[to] = links.weights[i];
    }
  }
  return back;
}

/// Calls `visit(target, weight there, weight back)` for all links to and from `row`, ascending.
void for_each_pair(const Links& there, const Links& back, std::size_t row, const auto& visit) {
  constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t i = there.begins[row], j = back.begins[row];
  for (;;) {
    const std::uint32_t to = i < there.begins[row + 1] ? there.targets[i] : kEnd;
    const std::uint32_t from = j < back.begins[row + 1] ? back.targets[j] : kEnd;
    const std::uint32_t target = std::min(to, from);
    if (target == kEnd) return;
    const float out = to == target ? there.weights[i++] : 0;
    const float in = from == target ? back.weights[j++] : 0;
    visit(target, out, in);
  }
}

FuzzyGraph united(const Links& there, int threads) {
  const Links back = reversed(there);
  FuzzyGraph graph;
  const std::size_t rows = there.begins.size() - 1;
  graph.begins.resize(rows + 1);
  const auto each = [&](const auto& visit_row) {
    parallel_for(rows, kPiece, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; ++row) visit_row(row);
    });
  };
  const auto weight = [](float out, float in) { return out + in - out * in; };
  each([&](std::size_t row) {
    std::uint64_t count = 0;
    for_each_pair(there, back, row, [&](std::uint32_t, float out, float in) {
      count += weight(out, in) > 0 ? 1U : 0U;
    });
    graph.begins[row + 1] = count;
  });
  std::partial_sum(graph.begins.begin(), graph.begins.end(), graph.begins.begin());
  graph.targets.resize(graph.begins.back());
  graph.weights.resize(graph.begins.back());
  each([&](std::size_t row) {
    std::uint64_t to = graph.begins[row];
    for_each_pair(there, back, row, [&](std::uint32_t target, float out, float in) {
      if (!(weight(out, in) > 0)) return;
      graph.targets[to] = target;
      graph.weights[to++] = weight(out, in);
    });
  });
  return graph;
}

double mean_of(std::span<const float> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sum_of_weights(std::span<const float> distances, double nearest, double scale) {
  double sum = 0;
  for (const float distance : distances) {
    const double beyond = distance - nearest;
    sum += beyond > 0 ? exponential(-beyond / scale) : 1;
  }
  return sum;
}

/// Sorts one row's links by target.
void sort_links(std::span<std::uint32_t> targets, std::span<float> weights) {
  std::vector<std::pair<std::uint32_t, float>> both(targets.size());
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = {targets[i], weights[i]};
  std::sort(both.begin(), both.end());
  for (std::size_t i = 0; i < both.size(); ++i) std::tie(targets[i], weights[i]) = both[i];
}

}  // namespace

Reach reach_of(std::span<const float> distances, double mean, bool connected) {
  Reach reach;
  if (connected) {
    const auto first = std::ranges::find_if(distances, [](float d) { return d > 0; });
    if (first != distances.end()) reach.nearest = *first;
  }
  const double wanted = logarithm(static_cast<double>(distances.size() + 1)) / kLn2;
  double low = 0, high = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kHalvings; ++i) {
    const double sum = sum_of_weights(distances, reach.nearest, reach.scale);
    if (std::abs(sum - wanted) < kTolerance) break;
    (sum > wanted ? high : low) = reach.scale;
    reach.scale = high < std::numeric_limits<double>::infinity() ? (low + high) / 2 : 2 * low;
  }
  const double own = reach.nearest > 0 || !connected ? mean_of(distances) : mean;
  reach.scale = std::max({reach.scale, kLeastScale * own, 1e-30});
  return reach;
}

float weight_at(const Reach& reach, float distance) {
  const double beyond = distance - reach.nearest;
  return beyond > 0 ? static_cast<float>(exponential(-beyond / reach.scale)) : 1;
}

FuzzyGraph fuzzy_graph(const Neighbors& neighbors, std::size_t k, int threads) {
  k = std::min(k, neighbors.k);
  const double mean = mean_of(neighbors.distances);
  Links links;
  links.begins.resize(neighbors.rows + 1);
  links.targets.resize(neighbors.rows * k);
  links.weights.resize(neighbors.rows * k);
  parallel_for(neighbors.rows, kPiece, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto distances = neighbors.distances_of(row).first(k);
      const Reach reach = reach_of(distances, mean);
      const auto targets = std::span(links.targets).subspan(row * k, k);
      const auto weights = std::span(links.weights).subspan(row * k, k);
      std::ranges::copy(neighbors.places_of(row).first(k), targets.begin());
      for (std::size_t i = 0; i < k; ++i) weights[i] = weight_at(reach, distances[i]);
      sort_links(targets, weights);
      links.begins[row + 1] = (row + 1) * k;
    }
  });
  return united(links, threads);
}

void pull_labels(FuzzyGraph& graph, std::span<const int> labels, double pull, int threads) {
  if (labels.size() != graph.rows()) {
    throw Error(ErrorCode::invalid_argument,
                "there are " + std::to_string(labels.size()) + " labels for " +
                    std::to_string(graph.rows()) +
                    " rows; each row needs one, -1 where it is unknown");
  }
  if (!(pull >= 0 && pull < 1)) {
    throw Error(ErrorCode::invalid_argument,
                "pull is " + std::to_string(pull) + "; it must be at least 0 and below 1");
  }
  const auto unknown = static_cast<float>(exponential(-1));
  const auto unlike = static_cast<float>(exponential(-2.5 / (1 - pull)));
  Links links{std::move(graph.begins), std::move(graph.targets), std::move(graph.weights)};
  parallel_for(labels.size(), kPiece, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      float most = 0;
      for (std::uint64_t i = links.begins[row]; i < links.begins[row + 1]; ++i) {
        const int own = labels[row], other = labels[links.targets[i]];
        float& weight = links.weights[i];
        if (own < 0 || other < 0) {
          weight *= unknown;
        } else if (own != other) {
          weight *= unlike;
        }
        most = std::max(most, weight);
      }
      for (std::uint64_t i = links.begins[row]; i < links.begins[row + 1] && most > 0; ++i) {
        links.weights[i] /= most;
      }
    }
  });
  graph = united(links, threads);
}

}  // namespace alike::map
