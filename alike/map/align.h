// A map turned onto another one that shows some of the same things.
#pragma once

#include <cstdint>
#include <span>

#include "alike/base/matrix.h"

namespace alike::map {

/// One thing that is on both maps.
struct SharedPoint {
  std::uint32_t place = 0;  ///< Its row among the points that are turned.
  std::uint32_t onto = 0;   ///< Its row among those that stay.
};

/// `points` (n, 2) rotated, mirrored where that fits better, scaled alike on both axes and shifted,
/// so that the shared points lie nearest to their fellows in `onto` (m, 2) by the sum of squares:
/// Procrustes analysis (Gower, Psychometrika 40, 1975). Shared points that all lie in one place, on
/// either map, only shift it; without any nothing moves. Throws `invalid_argument` for points that
/// are not (…, 2) and for a place that is not there.
Matrix align(MatrixView points, MatrixView onto, std::span<const SharedPoint> shared);

}  // namespace alike::map
