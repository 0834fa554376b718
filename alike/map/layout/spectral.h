// Spectral start of a map: the slowest eigenvectors of its graph.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/map/layout/fuzzy_graph.h"

namespace alike::map {

/// The points, and whether they are as exact as required.
struct SpectralStart {
  Matrix points;               ///< (rows, 2) in [0, 10] on each axis.
  std::size_t components = 0;  ///< Parts of the graph without links between them.
  /// Whether all eigenvectors converged. The others are used as far as they got, unless the caller
  /// has a better start, such as principal components.
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
