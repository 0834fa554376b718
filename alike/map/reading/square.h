// The square around all points of a map: one scale for both axes.
#pragma once

#include "alike/base/matrix.h"

namespace alike::map {

/// Steps of a side in which places are sent to a page, 16 bits each.
inline constexpr double kSquareSteps = 65535;

struct Square {
  double x = 0, y = 0;  ///< Its corner of the least coordinates.
  double side = 1;      ///< At least 1e-9: points in one place lie in the middle.

  /// `points`: (n, 2).
  explicit Square(MatrixView points);
  /// Where a coordinate lies on the side of `axis` (0: x), from 0 to 1.
  double share(std::size_t axis, float value) const;
};

}  // namespace alike::map
