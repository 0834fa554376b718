#include "alike/map/planar.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"

namespace alike::map {
namespace {

constexpr std::size_t kLeaf = 8;  ///< Points that are looked at one by one.
constexpr std::size_t kGrain = 256;

void check(MatrixView points) {
  if (points.width != 2) {
    throw Error(ErrorCode::invalid_argument, "points have " + std::to_string(points.width) +
                                                 " numbers each; those of maps have 2");
  }
  for (std::size_t i = 0; i < 2 * points.rows; ++i) {
    if (std::isfinite(points.data[i])) continue;
    throw Error(ErrorCode::invalid_argument,
                "point " + std::to_string(i / 2) + " of the map is NaN or infinite");
  }
}

/// Halves of halves of the points: the middle one of each range splits it along its longer side.
class Tree {
 public:
  explicit Tree(MatrixView points) : points_(points), order_(points.rows), axes_(points.rows) {
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    split(0, points.rows);
  }

  std::uint32_t at(std::size_t i) const { return order_[i]; }

  /// Nearest first; as many as `found` has.
  void find(std::uint32_t point, std::vector<std::pair<double, std::uint32_t>>& found) const {
    std::ranges::fill(found, std::pair{std::numeric_limits<double>::infinity(), point});
    look(point, 0, order_.size(), found);
  }

 private:
  double coordinate(std::uint32_t point, std::uint8_t axis) const {
    return static_cast<double>(points_.data[2 * std::size_t{point} + axis]);
  }

  void split(std::size_t begin, std::size_t end) {
    if (end - begin <= kLeaf) return;
    double low[2] = {coordinate(order_[begin], 0), coordinate(order_[begin], 1)};
    double high[2] = {low[0], low[1]};
    for (std::size_t i = begin; i < end; ++i) {
      for (std::uint8_t axis = 0; axis < 2; ++axis) {
        low[axis] = std::min(low[axis], coordinate(order_[i], axis));
        high[axis] = std::max(high[axis], coordinate(order_[i], axis));
      }
    }
    const std::uint8_t axis = high[1] - low[1] > high[0] - low[0] ? 1 : 0;
    const std::size_t middle = begin + (end - begin) / 2;
    axes_[middle] = axis;
    const auto first = order_.begin();
    std::nth_element(first + static_cast<std::ptrdiff_t>(begin),
                     first + static_cast<std::ptrdiff_t>(middle),
                     first + static_cast<std::ptrdiff_t>(end), [&](auto a, auto b) {
                       return std::pair(coordinate(a, axis), a) < std::pair(coordinate(b, axis), b);
                     });
    split(begin, middle);
    split(middle + 1, end);
  }

  void meet(std::uint32_t point, std::uint32_t other,
            std::vector<std::pair<double, std::uint32_t>>& found) const {
    const double x = coordinate(point, 0) - coordinate(other, 0);
    const double y = coordinate(point, 1) - coordinate(other, 1);
    const std::pair candidate{x * x + y * y, other};
    if (other == point || !(candidate < found.back())) return;
    found.pop_back();
    found.insert(std::ranges::upper_bound(found, candidate), candidate);
  }

  void look(std::uint32_t point, std::size_t begin, std::size_t end,
            std::vector<std::pair<double, std::uint32_t>>& found) const {
    if (end - begin <= kLeaf) {
      for (std::size_t i = begin; i < end; ++i) meet(point, order_[i], found);
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const std::uint8_t axis = axes_[middle];
    const double beyond = coordinate(point, axis) - coordinate(order_[middle], axis);
    const bool left = beyond < 0;
    left ? look(point, begin, middle, found) : look(point, middle + 1, end, found);
    meet(point, order_[middle], found);
    if (beyond * beyond >= found.back().first) return;
    left ? look(point, middle + 1, end, found) : look(point, begin, middle, found);
  }

  MatrixView points_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint8_t> axes_;  // by which the point in the middle splits its range
};

}  // namespace

Neighbors planar_neighbors(MatrixView points, std::size_t k, int threads) {
  check(points);
  Neighbors table;
  table.rows = points.rows;
  table.k = points.rows > 0 ? std::min(k, points.rows - 1) : 0;
  if (table.k == 0) return table;
  table.places.resize(table.rows * table.k);
  table.distances.resize(table.rows * table.k);
  const Tree tree(points);
  parallel_for(table.rows, kGrain, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::pair<double, std::uint32_t>> found(table.k);
    for (std::size_t i = begin; i < end; ++i) {
      tree.find(tree.at(i), found);
      std::size_t to = tree.at(i) * table.k;
      for (const auto& [square, place] : found) {
        table.places[to] = place;
        table.distances[to++] = static_cast<float>(std::sqrt(square));
      }
    }
  });
  return table;
}

}  // namespace alike::map
