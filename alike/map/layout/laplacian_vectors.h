// The slowest eigenvectors of one connected graph.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/map/layout/fuzzy_graph.h"

namespace alike::map {

/// The result of `laplacian_vectors`.
struct LaplacianVectors {
  Matrix vectors;            ///< (rows, 2)
  bool finished = true;      ///< Whether their residuals are small enough.
  std::size_t products = 0;  ///< Times the graph was multiplied by.
};

/// The eigenvectors of the second and third largest eigenvalues of D^−½ W D^−½, where W are the
/// weights of a connected graph of at least three rows and D their sums. Few rows are solved
/// densely. Throws `interrupted`.
LaplacianVectors laplacian_vectors(const FuzzyGraph& graph, std::uint64_t seed, int threads,
                                   const Watcher& watcher);

}  // namespace alike::map
