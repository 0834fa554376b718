// A map as a grid: each point in a cell of its own, neighbours near each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"

namespace alike::map {

/// At most so many points are assigned exactly.
inline constexpr std::size_t kMostExactCells = 1'600;

struct Grid {
  std::size_t columns = 0, rows = 0;
  std::vector<std::uint32_t> cell;  ///< (n) row · columns + column, row 0 at the top; each once.
};

/// Columns and rows for n points: as few cells as a grid of about `aspect` = columns / rows needs.
/// Throws `invalid_argument` unless `aspect` is 0.01 to 100.
Grid grid_for(std::size_t n, double aspect);

/// (n, 2) points, y upwards, into a grid of `aspect`. The points are stretched onto the grid's box;
/// the sum of squared ways to their cells is the least possible for up to `kMostExactCells` points
/// (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
/// assignment problems", 1987, the augmenting part; O(n³), 1,600 points take 2 s or so). More are
/// first split by the median of the longer side, points and cells alike, until parts are small
/// enough: neighbours across a cut may come apart. Always the same. Throws `invalid_argument` for
/// NaN or infinity (the row is named) and as `grid_for`; `interrupted`.
Grid assign_to_grid(MatrixView points, double aspect, const Watcher& watcher = {});

}  // namespace alike::map
