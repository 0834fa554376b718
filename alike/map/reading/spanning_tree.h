// The spanning tree that density clusters are read from.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"

namespace alike::map {

/// An edge between the rows a < b. Ordered by weight, then by a, then by b: so no two are equal,
/// and the least spanning tree is one and the same.
struct SpanningEdge {
  double squared = 0;  ///< Its weight, squared.
  std::uint32_t a = 0, b = 0;

  bool operator<(const SpanningEdge& other) const {
    return std::tie(squared, a, b) < std::tie(other.squared, other.a, other.b);
  }
  bool operator==(const SpanningEdge&) const = default;
};

/// The least spanning tree of (n, 2) points under the mutual reachability distance of Campello,
/// Moulavi and Sander, "Density-Based Clustering Based on Hierarchical Density Estimates" (2013):
/// max of the distance and of both ends' distances to their `min_samples`-th nearest point, each
/// itself counted. n − 1 edges, ascending. By Borůvka's rounds on a k-d tree, O(n log² n) or so.
/// The same for any number of threads. Throws `interrupted`.
std::vector<SpanningEdge> spanning_tree(MatrixView points, std::size_t min_samples, int threads,
                                        const Watcher& watcher = {});

}  // namespace alike::map
