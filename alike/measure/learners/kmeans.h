// k-means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"

namespace alike::measure {

struct KMeansOptions {
  std::size_t clusters = 8;       ///< At least 1, at most as many as there are rows.
  std::size_t most_rounds = 300;  ///< Of Lloyd's iteration, at least 1.
  /// Ends where the centres moved less, squared and summed, than this share of the mean variance of
  /// the columns: scikit-learn's `tol`.
  double tolerance = 1e-4;
  std::uint64_t seed = 1;
  int threads = 1;  ///< The result does not depend on it.
};

struct KMeans {
  Matrix centers;             ///< (clusters, width)
  std::vector<int> clusters;  ///< (rows) the nearest centre of each, of equal ones the first.
  double inertia = 0;         ///< Σ squared distances to them.
  std::size_t rounds = 0;
};

/// Lloyd's iteration from centres drawn by k-means++ (Arthur, Vassilvitskii, SODA 2007; the best of
/// 2 + ln k tries each, as scikit-learn). An empty cluster is given the row that is farthest from
/// its centre. Throws `invalid_argument` for more clusters than rows, none, and NaN or infinity
/// (the row is named); `interrupted`.
KMeans k_means(MatrixView rows, const KMeansOptions& options, const Watcher& watcher = {});

/// The same from `centers` (clusters, width).
KMeans k_means_from(MatrixView rows, Matrix centers, const KMeansOptions& options,
                    const Watcher& watcher = {});

}  // namespace alike::measure
