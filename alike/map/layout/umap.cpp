#include "alike/map/layout/umap.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/map/layout/phased_threads.h"
#include "alike/map/layout/umap_curve.h"
#include "alike/map/layout/umap_levels.h"
#include "alike/map/layout/umap_table.h"

namespace alike::map {
namespace {

constexpr std::size_t kGroups = 32;  // of vertices that move at once
constexpr std::size_t kMostEpochs = 100000;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

void check(const FuzzyGraph& graph, const UmapOptions& options, const UmapStart& start) {
  if (options.neighbors < 2) {
    refuse("neighbors is " + std::to_string(options.neighbors) + "; it must be at least 2");
  }
  if (options.negatives < 1 || options.negatives > 7) {
    refuse("negatives is " + std::to_string(options.negatives) + "; it must be from 1 to 7");
  }
  if (!(options.repulsion >= 0 && options.repulsion <= 100)) {
    refuse("repulsion is " + std::to_string(options.repulsion) + "; it must be from 0 to 100");
  }
  if (options.epochs > kMostEpochs) {
    refuse("epochs is " + std::to_string(options.epochs) + "; it must be at most 100000");
  }
  if (!(start.rate > 0 && start.rate <= 10)) {
    refuse("the rate is " + std::to_string(start.rate) + "; it must be above 0 and at most 10");
  }
  if (graph.begins.size() < 2 || graph.rows() >= std::numeric_limits<std::int32_t>::max()) {
    refuse("a map needs at least one row, and fewer than 2147483647");
  }
  if (start.points.rows() != graph.rows() || start.points.width() != 2) {
    refuse("the start has " + std::to_string(start.points.rows()) +
           " points; it needs one for each of " + std::to_string(graph.rows()) + " rows");
  }
  const std::span values(start.points.data(), 2 * graph.rows());
  if (!std::ranges::all_of(values, [](float v) { return std::abs(v) < 1e6F; })) {
    refuse("the start holds NaN or numbers beyond a million; points must be finite");
  }
}

/// Rows in the order of a walk through the graph, so that linked ones are near each other.
std::vector<std::uint32_t> walked(const FuzzyGraph& graph) {
  std::vector<std::uint32_t> order;
  order.reserve(graph.rows());
  std::vector<bool> met(graph.rows());
  for (std::size_t first = 0; first < graph.rows(); ++first) {
    if (met[first]) continue;
    met[first] = true;
    order.push_back(static_cast<std::uint32_t>(first));
    for (std::size_t at = order.size() - 1; at < order.size(); ++at) {
      for (const std::uint32_t target : graph.targets_of(order[at])) {
        if (met[target]) continue;
        met[target] = true;
        order.push_back(target);
      }
    }
  }
  return order;
}

}  // namespace

/// The graph as kernels read it: vertices group by group, in the order of a walk within each.
struct Umap::Plan {
  Plan(const FuzzyGraph& graph, const UmapOptions& options, double rate, Simd level)
      : kernel(umap_kernel(level)),
        negatives(static_cast<std::uint32_t>(options.negatives)),
        seed(options.seed),
        first_rate(rate),
        epochs(options.epochs > 0      ? options.epochs
               : graph.rows() <= 10000 ? 500
                                       : 200),
        coefficients(umap_table(fit_curve(options.min_dist, options.spread), options.repulsion)) {
    group(graph);
    link(graph);
  }

  std::size_t group_rows(std::size_t group) const { return groups[group + 1] - groups[group]; }

  UmapKernel kernel;
  std::uint32_t negatives;
  std::uint64_t seed;
  double first_rate;
  std::size_t epochs;
  std::vector<float> coefficients;
  std::vector<std::size_t> groups;   // where each begins
  std::vector<std::uint32_t> order;  // the row of each vertex
  std::vector<std::uint64_t> begins;
  std::vector<std::uint32_t> targets, rates;
  std::size_t most_links = 0;  // of `kVertices` vertices

 private:
  /// Deals the rows, as they come on the walk, to the groups in a random order.
  void group(const FuzzyGraph& graph) {
    const auto walk = walked(graph);
    const std::size_t count = std::min(kGroups, walk.size());
    std::vector<std::vector<std::uint32_t>> dealt(count);
    Random random(seed ^ 0x67726f757073ULL);
    std::vector<std::size_t> turn(count);
    for (std::size_t i = 0; i < count; ++i) turn[i] = i;
    for (std::size_t i = 0; i < walk.size(); ++i) {
      const std::size_t at = i % count;
      std::swap(turn[at], turn[at + random.below(count - at)]);
      dealt[turn[at]].push_back(walk[i]);
    }
    groups.push_back(0);
    for (const auto& rows : dealt) {
      order.insert(order.end(), rows.begin(), rows.end());
      groups.push_back(order.size());
    }
  }

  void link(const FuzzyGraph& graph) {
    std::vector<std::uint32_t> vertex_of(order.size());
    for (std::size_t v = 0; v < order.size(); ++v)
      vertex_of[order[v]] = static_cast<std::uint32_t>(v);
    float most = 0;
    for (const float weight : graph.weights) most = std::max(most, weight);
    const float least = most / static_cast<float>(epochs);
    begins.push_back(0);
    for (const std::uint32_t row : order) {
      const auto weights = graph.weights_of(row);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] < least) continue;
        targets.push_back(vertex_of[graph.targets_of(row)[i]]);
        const double share = static_cast<double>(weights[i]) / most;
        rates.push_back(static_cast<std::uint32_t>(std::min(share * 0x1p32, 0x1p32 - 1)));
      }
      begins.push_back(targets.size());
    }
    targets.resize(targets.size() + kSpareLinks);
    rates.resize(rates.size() + kSpareLinks);
    for (std::size_t v = 0; v < order.size(); ++v) {
      const std::size_t end = std::min(order.size(), v + kVertices);
      most_links = std::max(most_links, static_cast<std::size_t>(begins[end] - begins[v]));
    }
  }
};

Umap::Umap(const FuzzyGraph& graph, const UmapOptions& options, const UmapStart& start, Simd level)
    : done_(start.done) {
  check(graph, options, start);
  plan_ = std::make_unique<const Plan>(graph, options, start.rate, level);
  done_ = std::min(done_, plan_->epochs);
  points_ = start.points;
  live_ = Matrix(graph.rows(), 2);
  moved_ = Matrix(graph.rows(), 2);
  for (std::size_t v = 0; v < graph.rows(); ++v) {
    std::ranges::copy(points_.row(plan_->order[v]), live_.row(v).begin());
  }
}

Umap::~Umap() = default;

std::size_t Umap::steps() const { return plan_->epochs; }

void Umap::advance(std::size_t count, int threads, const Watcher& watcher) {
  if (threads < 1) refuse("threads is " + std::to_string(threads) + "; it must be at least 1");
  const std::size_t end = done_ + std::min(count, plan_->epochs - done_);
  while (done_ < end && !watcher.stop.stop_requested()) {
    step(threads);
    watcher.tell({++done_, plan_->epochs, 0});
  }
  for (std::size_t v = 0; v < live_.rows(); ++v) {
    std::ranges::copy(live_.row(v), points_.row(plan_->order[v]).begin());
  }
}

void Umap::step(int threads) {
  const Plan& plan = *plan_;
  const double left = 1 - static_cast<double>(done_) / static_cast<double>(plan.epochs);
  const auto rate = static_cast<float>(plan.first_rate * left);
  const auto coefficients = limited_table(plan.coefficients, rate);
  const UmapStep now{live_.data(),
                     live_.data(),
                     moved_.data(),
                     plan.begins.data(),
                     plan.targets.data(),
                     plan.rates.data(),
                     coefficients.data(),
                     static_cast<std::uint32_t>(live_.rows()),
                     static_cast<std::uint32_t>(done_ + 1),
                     plan.negatives,
                     rate,
                     plan.seed};
  std::vector<std::size_t> turn(plan.groups.size() - 1);
  Random random(random_bits(plan.seed ^ 0x7475726eULL, done_));
  for (std::size_t i = 0; i < turn.size(); ++i) {
    turn[i] = i;
    std::swap(turn[i], turn[random.below(i + 1)]);
  }
  const auto pieces = [&](std::size_t phase) {
    return (plan.group_rows(turn[phase]) + kVertices - 1) / kVertices;
  };
  const auto workers = std::min(static_cast<std::size_t>(threads), pieces(0));
  std::vector<std::vector<std::uint32_t>> due(workers);
  for (auto& links : due) links.resize(plan.most_links + kSpareLinks);
  in_phases(
      turn.size(), static_cast<int>(workers), pieces,
      [&](std::size_t worker, std::size_t phase, std::size_t piece) {
        const std::size_t group = turn[phase], begin = plan.groups[group] + piece * kVertices;
        plan.kernel(now, begin, std::min(begin + kVertices, plan.groups[group + 1]),
                    due[worker].data());
      },
      [&](std::size_t phase) {
        const std::size_t first = 2 * plan.groups[turn[phase]];
        std::copy_n(moved_.data() + first, 2 * plan.group_rows(turn[phase]), live_.data() + first);
      });
}

}  // namespace alike::map
