// The nearest neighbours of points of a map.
#pragma once

#include "alike/base/matrix.h"
#include "alike/map/layout/neighbors.h"

namespace alike::map {

/// The k nearest others of each of `points` (n, 2), finite, by Euclidean distance: exact, from a
/// k-d tree (Bentley, CACM 1975). At most n − 1 each. The same for any number of threads.
Neighbors point_neighbors(MatrixView points, std::size_t k, int threads);

}  // namespace alike::map
