#include "alike/map/reading/clusters.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "alike/base/check.h"
#include "alike/map/reading/spanning_tree.h"

namespace alike::map {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::size_t kLeastSize = 5, kMostSamples = 15;
constexpr double kNearest = 1e-30;  // distances below count as this, so that densities are finite

void check(MatrixView points, const ClusterOptions& options) {
  require(points.rows == 0 || points.width == 2,
          "clusters are found among rows of 2 numbers, not of " + std::to_string(points.width));
  require(options.min_cluster_size.value_or(2) >= 2,
          "min_cluster_size is " + std::to_string(options.min_cluster_size.value_or(2)) +
              "; it must be at least 2");
  require(options.min_samples.value_or(1) >= 1, "min_samples is 0; it must be at least 1");
  require(
      options.max_share > 0 && options.max_share <= 1,
      "max_share is " + std::to_string(options.max_share) + "; it must be above 0 and at most 1");
  for (std::size_t i = 0; i < points.rows; ++i) {
    require(std::isfinite(points.row(i)[0]) && std::isfinite(points.row(i)[1]),
            "row " + std::to_string(i) + " holds NaN or infinity");
  }
}

/// The single-linkage tree: n points, then one node for each join, nearest first.
struct Joins {
  std::size_t points = 0;
  std::vector<std::uint32_t> left, right, size;  // of each join
  std::vector<double> density;                   // 1 / distance at which it comes apart

  std::uint32_t size_of(std::uint32_t node) const {
    return node < points ? 1 : size[node - points];
  }
};

Joins joins_of(std::size_t points, const std::vector<SpanningEdge>& edges) {
  Joins joins{points, {}, {}, {}, {}};
  std::vector<std::uint32_t> parent(points), node(points);  // of each part's root
  std::iota(parent.begin(), parent.end(), 0U);
  std::iota(node.begin(), node.end(), 0U);
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const auto& edge : edges) {
    const auto a = root(edge.a), b = root(edge.b);
    joins.left.push_back(node[a]);
    joins.right.push_back(node[b]);
    joins.size.push_back(joins.size_of(node[a]) + joins.size_of(node[b]));
    joins.density.push_back(1 / std::max(std::sqrt(edge.squared), kNearest));
    parent[b] = a;
    node[a] = static_cast<std::uint32_t>(points + joins.left.size() - 1);
  }
  return joins;
}

/// The condensed tree: clusters of at least the least size; parents before children.
struct Condensed {
  std::vector<std::uint32_t> parent;   // of each cluster; the first, the root, has none
  std::vector<double> birth;           // density at which it appears
  std::vector<double> stability;       // Σ over its points of density at leaving − birth
  std::vector<std::uint64_t> size;     // points at birth
  std::vector<std::uint32_t> cluster;  // of each point: the last that it belonged to

  std::uint32_t add(std::uint32_t of, double density, std::uint64_t count) {
    parent.push_back(of);
    birth.push_back(density);
    stability.push_back(0);
    size.push_back(count);
    return static_cast<std::uint32_t>(parent.size() - 1);
  }
};

/// Walks down from the root: a part that is too small falls out of its cluster, two that are large
/// enough are new ones.
Condensed condense(const Joins& joins, std::size_t least) {
  Condensed tree;
  tree.cluster.assign(joins.points, 0);
  tree.add(kNone, 0, joins.points);
  const auto first = static_cast<std::uint32_t>(joins.points);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open{
      {static_cast<std::uint32_t>(joins.points + joins.left.size() - 1), 0}};
  std::vector<std::uint32_t> falling;
  const auto fall = [&](std::uint32_t node, std::uint32_t cluster, double density) {
    tree.stability[cluster] += (density - tree.birth[cluster]) * joins.size_of(node);
    for (falling.assign(1, node); !falling.empty();) {
      const auto at = falling.back();
      falling.pop_back();
      if (at < first) {
        tree.cluster[at] = cluster;
      } else {
        falling.push_back(joins.left[at - first]);
        falling.push_back(joins.right[at - first]);
      }
    }
  };
  while (!open.empty()) {
    const auto [node, cluster] = open.back();
    open.pop_back();
    const std::uint32_t children[] = {joins.left[node - first], joins.right[node - first]};
    const double density = joins.density[node - first];
    const bool splits = std::min(joins.size_of(children[0]), joins.size_of(children[1])) >= least;
    for (const auto child : children) {
      const auto count = joins.size_of(child);
      if (count < least) {
        fall(child, cluster, density);
      } else if (splits) {
        tree.stability[cluster] += (density - tree.birth[cluster]) * count;
        open.emplace_back(child, tree.add(cluster, density, count));
      } else {
        open.emplace_back(child, cluster);
      }
    }
  }
  return tree;
}

/// Whether each cluster is kept; never the root.
std::vector<char> selected(Condensed tree, const ClusterOptions& options) {
  const std::size_t count = tree.parent.size();
  std::vector<char> keep(count, 1);
  std::vector<double> below(count);  // stability of the clusters kept below
  std::vector<char> has_children(count);
  const double most = options.max_share * static_cast<double>(tree.cluster.size());
  for (std::size_t c = count; c-- > 1;) {
    if (options.selection == ClusterSelection::leaf) {
      keep[c] = has_children[c] == 0;
    } else {
      const bool stays = tree.stability[c] >= below[c] && static_cast<double>(tree.size[c]) <= most;
      keep[c] = stays;
      below[tree.parent[c]] += stays ? tree.stability[c] : below[c];
    }
    has_children[tree.parent[c]] = 1;
  }
  keep[0] = 0;
  std::vector<char> covered(count);  // by a kept one above
  for (std::size_t c = 1; c < count; ++c) {
    const auto above = tree.parent[c];
    covered[c] = covered[above] != 0 || keep[above] != 0;
    if (covered[c] != 0) keep[c] = 0;
  }
  return keep;
}

/// Numbers the kept clusters, largest first, and finds their medoids.
Clusters numbered(MatrixView points, const Condensed& tree, const std::vector<char>& keep) {
  std::vector<std::uint32_t> kept(tree.parent.size(), kNone);  // the one at or above each
  for (std::uint32_t c = 1; c < kept.size(); ++c) {
    kept[c] = keep[c] != 0 ? c : kept[tree.parent[c]];
  }
  std::vector<std::uint64_t> count(kept.size()), lowest(kept.size(), kNone);
  for (std::size_t i = 0; i < points.rows; ++i) {
    const auto c = kept[tree.cluster[i]];
    if (c == kNone) continue;
    ++count[c];
    lowest[c] = std::min<std::uint64_t>(lowest[c], i);
  }
  std::vector<std::uint32_t> order;
  for (std::uint32_t c = 1; c < kept.size(); ++c) {
    if (keep[c] != 0) order.push_back(c);
  }
  std::ranges::sort(order, [&](auto a, auto b) {
    return count[a] != count[b] ? count[a] > count[b] : lowest[a] < lowest[b];
  });
  std::vector<std::int32_t> number(kept.size(), -1);
  Clusters result{std::vector<std::int32_t>(points.rows, -1), {}};
  for (std::size_t place = 0; place < order.size(); ++place) {
    number[order[place]] = static_cast<std::int32_t>(place);
    result.clusters.push_back({count[order[place]], 0});
  }
  for (std::size_t i = 0; i < points.rows; ++i) {
    const auto c = kept[tree.cluster[i]];
    if (c != kNone) result.cluster[i] = number[c];
  }
  return result;
}

/// The member nearest to the mean: there the sum of squared distances is least.
void find_medoids(MatrixView points, Clusters& clusters) {
  struct Middle {
    double x = 0, y = 0, nearest = INFINITY;
  };
  std::vector<Middle> middles(clusters.clusters.size());
  const auto each = [&](const auto& work) {
    for (std::size_t i = 0; i < points.rows; ++i) {
      if (clusters.cluster[i] < 0) continue;
      const auto c = static_cast<std::size_t>(clusters.cluster[i]);
      work(static_cast<std::uint32_t>(i), middles[c], clusters.clusters[c]);
    }
  };
  each([&](std::uint32_t i, Middle& middle, const Cluster& cluster) {
    middle.x += points.row(i)[0] / static_cast<double>(cluster.count);
    middle.y += points.row(i)[1] / static_cast<double>(cluster.count);
  });
  each([&](std::uint32_t i, Middle& middle, Cluster& cluster) {
    const double dx = points.row(i)[0] - middle.x, dy = points.row(i)[1] - middle.y;
    const double squared = dx * dx + dy * dy;
    if (squared >= middle.nearest) return;
    middle.nearest = squared;
    cluster.medoid = i;
  });
}

}  // namespace

Clusters find_clusters(MatrixView points, const ClusterOptions& options, int threads,
                       const Watcher& watcher) {
  check(points, options);
  const auto usual = static_cast<std::size_t>(std::sqrt(static_cast<double>(points.rows)));
  const std::size_t least = options.min_cluster_size.value_or(std::max(kLeastSize, usual));
  const std::size_t samples = options.min_samples.value_or(std::min(least, kMostSamples));
  if (points.rows < 2 * least) {
    return {std::vector<std::int32_t>(points.rows, -1), {}};
  }
  const auto edges = spanning_tree(points, samples, threads, watcher);
  if (edges.back().squared == 0) {  // all alike
    return {std::vector<std::int32_t>(points.rows, -1), {}};
  }
  const Condensed tree = condense(joins_of(points.rows, edges), least);
  Clusters clusters = numbered(points, tree, selected(tree, options));
  find_medoids(points, clusters);
  return clusters;
}

}  // namespace alike::map
