// Which points of a map are near which.
#pragma once

#include <cstddef>

#include "alike/map/neighbors.h"

namespace alike::map {

/// The k nearest others of each point (n, 2), exactly, by a k-d tree; k is lowered to n − 1. Of
/// points equally far from another, which are among its k may be any, but always the same ones.
/// The same for any number of threads. Throws `invalid_argument` for points that are not (…, 2) or
/// not finite.
Neighbors planar_neighbors(MatrixView points, std::size_t k, int threads);

}  // namespace alike::map
