#include "alike/map/reading/spanning_tree.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/map/reading/point_tree.h"

namespace alike::map {
namespace {

constexpr std::size_t kGrain = 2048;
constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kMixed = 0xFFFFFFFF;  // a node with points of several parts
constexpr SpanningEdge kNoEdge{kFar, kMixed, kMixed};

/// The squared distance of each point, in tree order, to the `count`-th nearest, itself counted as
/// the first; to the farthest where there are fewer.
std::vector<double> squared_core_distances(const PointTree& tree, std::size_t count, int threads) {
  std::vector<double> cores(tree.size());
  parallel_for(tree.size(), kGrain, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<PointTree::Near> found;
    for (std::size_t i = begin; i < end; ++i) {
      tree.nearest(static_cast<std::uint32_t>(i), std::max<std::size_t>(count, 1), found);
      cores[i] = found.back().squared;
    }
  });
  return cores;
}

/// Borůvka's rounds: each part of the forest takes the least edge that leaves it.
class Rounds {
 public:
  Rounds(MatrixView points, std::size_t min_samples, int threads)
      : tree_(points),
        threads_(threads),
        core_(squared_core_distances(tree_, min_samples, threads)),
        part_(points.rows),
        node_part_(tree_.nodes().size()),
        node_core_(tree_.nodes().size(), kFar),
        node_row_(tree_.nodes().size(), kMixed),
        leaving_(points.rows, kNoEdge),
        other_(points.rows, kMixed),
        least_(points.rows),
        parent_(points.rows) {
    std::iota(part_.begin(), part_.end(), 0U);
    std::iota(parent_.begin(), parent_.end(), 0U);
    for (std::size_t node = tree_.nodes().size(); node-- > 0;) {
      const auto& box = tree_.nodes()[node];
      const auto take = [&](double core, std::uint32_t row) {
        node_core_[node] = std::min(node_core_[node], core);
        node_row_[node] = std::min(node_row_[node], row);
      };
      if (tree_.is_leaf(node)) {
        for (auto i = box.begin; i < box.end; ++i) take(core_[i], tree_.order()[i]);
      } else {
        take(node_core_[2 * node + 1], node_row_[2 * node + 1]);
        take(node_core_[2 * node + 2], node_row_[2 * node + 2]);
      }
    }
  }

  /// Joins parts once; appends the edges taken.
  void step(std::vector<SpanningEdge>& edges) {
    mark_nodes();
    std::ranges::fill(least_, kNoEdge);
    for (std::uint32_t i = 0; i < part_.size(); ++i) {  // the knowledge of the last rounds
      if (other_[i] == kMixed || part_[other_[i]] == part_[i]) {
        other_[i] = kMixed;
        continue;
      }
      least_[part_[i]] = std::min(least_[part_[i]], leaving_[i]);
    }
    parallel_for(part_.size(), kGrain, threads_,
                 [&](std::size_t begin, std::size_t end) { search(begin, end); });
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends(part_.size(), {kMixed, kMixed});
    for (std::uint32_t i = 0; i < part_.size(); ++i) {
      if (other_[i] == kMixed || least_[part_[i]] < leaving_[i]) continue;
      least_[part_[i]] = leaving_[i];
      ends[part_[i]] = {i, other_[i]};
    }
    for (const auto& [from, to] : ends) {
      if (from == kMixed || root(from) == root(to)) continue;
      parent_[root(to)] = root(from);
      edges.push_back(leaving_[from]);
    }
    for (std::uint32_t i = 0; i < part_.size(); ++i) part_[i] = root(i);
  }

 private:
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  void mark_nodes() {
    for (std::size_t node = tree_.nodes().size(); node-- > 0;) {
      const auto& box = tree_.nodes()[node];
      if (!tree_.is_leaf(node)) {
        const auto left = node_part_[2 * node + 1], right = node_part_[2 * node + 2];
        node_part_[node] = left == right ? left : kMixed;
        continue;
      }
      node_part_[node] = box.begin < box.end ? part_[box.begin] : kMixed;
      for (auto i = box.begin; i < box.end; ++i) {
        if (part_[i] != node_part_[node]) node_part_[node] = kMixed;
      }
    }
  }

  /// The least leaving edges of points that have none, as far as they may be their part's least.
  /// `leaving_` of a point without one holds a lower bound of its leaving edges.
  void search(std::size_t begin, std::size_t end) {
    std::uint32_t part = kMixed;
    SpanningEdge bound;
    for (std::size_t place = begin; place < end; ++place) {
      const auto i = static_cast<std::uint32_t>(place);
      if (part_[i] != part) {
        part = part_[i];
        bound = least_[part];
      }
      if (other_[i] != kMixed) continue;
      const bool hopeless = leaving_[i].a != kMixed && !(leaving_[i] < bound);
      if (hopeless || core_[i] > bound.squared) continue;
      SpanningEdge best = bound;
      walk(i, 0, best);
      leaving_[i] = best;
      bound = best;
    }
  }

  void walk(std::uint32_t i, std::size_t node, SpanningEdge& best) {
    if (node_part_[node] == part_[i] || !(least_in(i, node) < best)) return;
    if (!tree_.is_leaf(node)) {
      const std::size_t left = 2 * node + 1, right = left + 1;
      const bool right_first = tree_.squared_to_box(i, right) < tree_.squared_to_box(i, left);
      walk(i, right_first ? right : left, best);
      walk(i, right_first ? left : right, best);
      return;
    }
    const auto& box = tree_.nodes()[node];
    for (auto j = box.begin; j < box.end; ++j) {
      if (part_[j] == part_[i]) continue;
      const auto [a, b] = std::minmax(tree_.order()[i], tree_.order()[j]);
      const SpanningEdge edge{std::max({tree_.squared(i, j), core_[i], core_[j]}), a, b};
      if (!(edge < best)) continue;
      best = edge;
      other_[i] = j;
    }
  }

  /// No edge from i into the node is less. Its ends count too, or many equal points would all look
  /// at each other.
  SpanningEdge least_in(std::uint32_t i, std::size_t node) const {
    const auto [a, b] = std::minmax(tree_.order()[i], node_row_[node]);
    return {std::max({tree_.squared_to_box(i, node), node_core_[node], core_[i]}), a, b};
  }

  PointTree tree_;
  int threads_;
  std::vector<double> core_;              // of each point, squared; all by places in the tree
  std::vector<std::uint32_t> part_;       // of the forest
  std::vector<std::uint32_t> node_part_;  // of all points of a node, or kMixed
  std::vector<double> node_core_;         // the least of its points
  std::vector<std::uint32_t> node_row_;   // the lowest of its points
  std::vector<SpanningEdge> leaving_;     // the least edge from a point to another part
  std::vector<std::uint32_t> other_;      // its other end; kMixed where it is not known
  std::vector<SpanningEdge> least_;       // of each part
  std::vector<std::uint32_t> parent_;     // of the union-find forest
};

}  // namespace

std::vector<SpanningEdge> spanning_tree(MatrixView points, std::size_t min_samples, int threads,
                                        const Watcher& watcher) {
  std::vector<SpanningEdge> edges;
  if (points.rows < 2) return edges;
  edges.reserve(points.rows - 1);
  Rounds rounds(points, min_samples, threads);
  while (edges.size() + 1 < points.rows) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped");
    rounds.step(edges);
    watcher.tell({edges.size(), points.rows - 1});
  }
  std::sort(edges.begin(), edges.end());
  return edges;
}

}  // namespace alike::map
