#include "alike/map/reading/square.h"

#include <algorithm>

namespace alike::map {

Square::Square(MatrixView points) {
  double right = 0, top = 0;
  for (std::size_t i = 0; i < points.rows; ++i) {
    const double px = double{points.row(i)[0]}, py = double{points.row(i)[1]};
    if (i == 0) x = right = px, y = top = py;
    x = std::min(x, px), right = std::max(right, px);
    y = std::min(y, py), top = std::max(top, py);
  }
  side = std::max({right - x, top - y, 1e-9});
  x -= (side - (right - x)) / 2;
  y -= (side - (top - y)) / 2;
}

double Square::share(std::size_t axis, float value) const {
  return std::clamp((double{value} - (axis == 0 ? x : y)) / side, 0.0, 1.0);
}

}  // namespace alike::map
