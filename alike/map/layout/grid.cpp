#include "alike/map/layout/grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/math/assignment.h"

namespace alike::map {
namespace {

using Place = std::array<double, 2>;

constexpr std::size_t kPart = 400;  // points that a part of a large grid is split down to

/// The points, stretched onto [0, columns] × [0, rows], y downwards.
std::vector<Place> stretched(MatrixView points, const Grid& grid) {
  std::vector<Place> places(points.rows);
  const Place size{static_cast<double>(grid.columns), static_cast<double>(grid.rows)};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    double low = INFINITY, high = -INFINITY;
    for (std::size_t i = 0; i < points.rows; ++i) {
      const double value = points.row(i)[axis];
      require(std::isfinite(value), "row " + std::to_string(i) + " holds NaN or infinity");
      low = std::min(low, value);
      high = std::max(high, value);
    }
    for (std::size_t i = 0; i < points.rows; ++i) {
      const double part = high > low ? (points.row(i)[axis] - low) / (high - low) : 0.5;
      places[i][axis] = size[axis] * (axis == 0 ? part : 1 - part);
    }
  }
  return places;
}

Place middle_of(std::uint32_t cell, const Grid& grid) {
  const std::size_t row = cell / grid.columns, column = cell % grid.columns;
  return {static_cast<double>(column) + 0.5, static_cast<double>(row) + 0.5};
}

/// A block of cells and the points that belong in it.
struct Part {
  std::size_t left, top, columns, rows;
  std::span<std::uint32_t> points;
};

class Assigner {
 public:
  Assigner(const std::vector<Place>& places, Grid& grid, const Watcher& watcher)
      : places_(places), grid_(grid), watcher_(watcher) {}

  void assign(const Part& part, std::size_t small_enough) {
    if (part.points.empty()) return;
    if (watcher_.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped");
    if (part.points.size() <= small_enough) {
      assign_exactly(part);
      done_ += part.points.size();
      watcher_.tell({done_, places_.size()});
      return;
    }
    const std::size_t axis = part.columns >= part.rows ? 0 : 1;
    std::ranges::sort(part.points, [&](auto a, auto b) {
      const double first = places_[a][axis], second = places_[b][axis];
      return first < second || (first == second && a < b);
    });
    Part low = part, high = part;
    const std::size_t cells = part.columns * part.rows;
    if (axis == 0) {
      low.columns = part.columns / 2;
      high.left += low.columns;
      high.columns -= low.columns;
    } else {
      low.rows = part.rows / 2;
      high.top += low.rows;
      high.rows -= low.rows;
    }
    // Points in proportion to cells, so that empty cells are shared; never more than there are.
    const std::size_t room = low.columns * low.rows, other = cells - room;
    std::size_t count = part.points.size() * room / cells;
    count = std::clamp(count, part.points.size() - std::min(part.points.size(), other), room);
    low.points = part.points.first(count);
    high.points = part.points.subspan(count);
    assign(low, small_enough);
    assign(high, small_enough);
  }

 private:
  void assign_exactly(const Part& part) {
    std::vector<std::uint32_t> cells;
    for (std::size_t row = part.top; row < part.top + part.rows; ++row) {
      for (std::size_t column = part.left; column < part.left + part.columns; ++column) {
        cells.push_back(static_cast<std::uint32_t>(row * grid_.columns + column));
      }
    }
    std::ranges::sort(part.points);
    std::vector<double> cost;
    cost.reserve(part.points.size() * cells.size());
    for (const auto point : part.points) {
      for (const auto cell : cells) {
        const Place middle = middle_of(cell, grid_);
        const double dx = places_[point][0] - middle[0], dy = places_[point][1] - middle[1];
        cost.push_back(dx * dx + dy * dy);
      }
    }
    const auto found = cheapest_assignment(cost, part.points.size(), cells.size());
    for (std::size_t i = 0; i < found.size(); ++i) grid_.cell[part.points[i]] = cells[found[i]];
  }

  const std::vector<Place>& places_;
  Grid& grid_;
  const Watcher& watcher_;
  std::uint64_t done_ = 0;
};

}  // namespace

Grid grid_for(std::size_t n, double aspect) {
  require(aspect >= 0.01 && aspect <= 100,
          "the aspect of a grid is " + std::to_string(aspect) + "; it must be 0.01 to 100");
  if (n == 0) return {};
  Grid grid;
  grid.columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n) * aspect)));
  grid.columns = std::clamp<std::size_t>(grid.columns, 1, n);
  grid.rows = (n + grid.columns - 1) / grid.columns;
  grid.columns = (n + grid.rows - 1) / grid.rows;  // no column stays empty
  return grid;
}

Grid assign_to_grid(MatrixView points, double aspect, const Watcher& watcher) {
  Grid grid = grid_for(points.rows, aspect);
  require(points.rows == 0 || points.width == 2,
          "a grid is made of rows of 2 numbers, not of " + std::to_string(points.width));
  grid.cell.resize(points.rows);
  const auto places = stretched(points, grid);
  std::vector<std::uint32_t> all(points.rows);
  std::iota(all.begin(), all.end(), 0U);
  const std::size_t small_enough = points.rows <= kMostExactCells ? kMostExactCells : kPart;
  Assigner(places, grid, watcher).assign({0, 0, grid.columns, grid.rows, all}, small_enough);
  return grid;
}

}  // namespace alike::map
