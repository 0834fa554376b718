// Density clusters of a map: where many points lie close to each other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"

namespace alike::map {

/// Which clusters of the hierarchy are kept.
enum class ClusterSelection {
  stable,  ///< Those that last longest while density grows ("excess of mass").
  leaf,    ///< The smallest, which split no further.
};

struct ClusterOptions {
  /// Points of the smallest cluster, at least 2. Unset: √n, at least 5.
  std::optional<std::size_t> min_cluster_size{};
  /// How many points around a point, itself counted, tell its density; at least 1, more smooths.
  /// Unset: `min_cluster_size`, at most 15.
  std::optional<std::size_t> min_samples{};
  ClusterSelection selection = ClusterSelection::stable;
  /// The largest share of all points that a cluster may have, above 0 and at most 1. Below 1,
  /// clumps that touch come apart where one cluster of nearly all would say nothing: 4,000 pictures
  /// of Fashion-MNIST are 3 clusters at 1 and 16 at 0.2. Counts for `stable`.
  double max_share = 0.2;
};

struct Cluster {
  std::uint64_t count = 0;
  /// The point with the least sum of squared distances to all points of the cluster; the lowest
  /// of several. A name of the cluster is best written at it.
  std::uint32_t medoid = 0;
};

struct Clusters {
  std::vector<std::int32_t> cluster;  ///< (n) places in `clusters`; −1: in none.
  std::vector<Cluster> clusters;      ///< Largest first, equal ones by their lowest point.
};

/// HDBSCAN* (Campello, Moulavi, Sander 2013; McInnes, Healy, "Accelerated Hierarchical Density
/// Based Clustering", 2017) on (n, 2) points. All points alike or fewer than two clusters: no
/// clusters. The same for any number of threads. Throws `invalid_argument` for an option out of
/// range and for NaN or infinity (the row is named); `interrupted`.
Clusters find_clusters(MatrixView points, const ClusterOptions& options = {}, int threads = 1,
                       const Watcher& watcher = {});

}  // namespace alike::map
