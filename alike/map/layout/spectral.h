// Where a map's points begin: the slowest waves of the graph.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/map/layout/fuzzy_graph.h"

namespace alike::map {

/// What came out, and whether it is as good as it should be.
struct SpectralStart {
  Matrix points;               ///< (rows, 2) in [0, 10] on each axis.
  std::size_t components = 0;  ///< Parts of the graph without links between them.
  /// Whether all waves were found as exactly as wanted. Those that were not are used as far as they
  /// got, unless the caller has a better start, such as principal components.
  bool finished = true;
  std::size_t products = 0;  ///< Times the graph was multiplied by.
};

/// The second and third eigenvectors of the normalised adjacency of each component (Belkin and
/// Niyogi, Neural Computation 2003), by Chebyshev-filtered subspace iteration (Zhou, Saad, Tiago,
/// Chelikowsky, Phys. Rev. E 2006) with a bounded number of products; components lie beside each
/// other, the largest in the middle, with room by their size. The same for any number of threads.
/// Throws `interrupted`.
SpectralStart spectral_start(const FuzzyGraph& graph, std::uint64_t seed, int threads,
                             const Watcher& watcher = {});

/// Scales finite `points` (rows, 2) to [0, 10] on each axis, and parts equal ones by a jitter of
/// about 1e-4 (as umap-learn does), so that a layout can begin there.
Matrix spread_start(MatrixView points, std::uint64_t seed);

}  // namespace alike::map
