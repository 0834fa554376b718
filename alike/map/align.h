// Turning one map onto another, so that a slider between them moves points as little as can be.
#pragma once

#include <array>

#include "alike/base/matrix.h"

namespace alike::map {

/// A rotation or reflection, a scale and a shift of the plane.
struct Similarity {
  std::array<double, 4> matrix{1, 0, 0, 1};  ///< (2, 2), row-major.
  std::array<double, 2> shift{0, 0};

  /// Moves `points` (n, 2).
  void apply(Matrix& points) const;
};

/// The one that brings `moving` (n, 2) nearest to `fixed` (n, 2) in the sense of least squares,
/// point i to point i (Procrustes; Gower and Dijksterhuis 2004, in the plane). Points that are all
/// in one place, or none, are only shifted. Both finite. Throws `invalid_argument` for other
/// shapes.
Similarity align(MatrixView moving, MatrixView fixed);

}  // namespace alike::map
