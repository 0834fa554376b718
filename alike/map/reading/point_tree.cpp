#include "alike/map/reading/point_tree.h"

#include <algorithm>
#include <numeric>

namespace alike::map {
namespace {

constexpr std::size_t kLeaf = 12;  // about so many points

}  // namespace

PointTree::PointTree(MatrixView points) : order_(points.rows) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::size_t leaves = 1;
  while (leaves * kLeaf < points.rows) leaves *= 2;
  nodes_.resize(2 * leaves - 1);
  split(0, 0, static_cast<std::uint32_t>(points.rows), points);
  points_.reserve(2 * points.rows);
  for (const auto row : order_) {
    points_.push_back(points.row(row)[0]);
    points_.push_back(points.row(row)[1]);
  }
}

void PointTree::split(std::size_t node, std::uint32_t begin, std::uint32_t end, MatrixView points) {
  Node& box = nodes_[node];
  box = {{0, 0}, {0, 0}, begin, end};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    for (auto i = begin; i < end; ++i) {
      const float value = points.row(order_[i])[axis];
      box.low[axis] = i == begin ? value : std::min(box.low[axis], value);
      box.high[axis] = i == begin ? value : std::max(box.high[axis], value);
    }
  }
  if (is_leaf(node)) return;
  const std::size_t axis = box.high[0] - box.low[0] >= box.high[1] - box.low[1] ? 0 : 1;
  const auto middle = begin + (end - begin) / 2;
  std::nth_element(order_.begin() + begin, order_.begin() + middle, order_.begin() + end,
                   [&](std::uint32_t a, std::uint32_t b) {
                     const float left = points.row(a)[axis], right = points.row(b)[axis];
                     return left < right || (left == right && a < b);
                   });
  split(2 * node + 1, begin, middle, points);
  split(2 * node + 2, middle, end, points);
}

double PointTree::squared(std::uint32_t a, std::uint32_t b) const {
  const double dx = double{points_[2 * std::size_t{a}]} - points_[2 * std::size_t{b}];
  const double dy = double{points_[2 * std::size_t{a} + 1]} - points_[2 * std::size_t{b} + 1];
  return dx * dx + dy * dy;
}

double PointTree::squared_to_box(std::uint32_t point, std::size_t node) const {
  const Node& box = nodes_[node];
  double sum = 0;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const double value = points_[2 * std::size_t{point} + axis];
    const double away = std::max({box.low[axis] - value, value - box.high[axis], 0.0});
    sum += away * away;
  }
  return sum;
}

void PointTree::search(std::size_t node, std::uint32_t point, std::size_t count,
                       std::vector<Near>& heap) const {
  if (heap.size() == count && squared_to_box(point, node) > heap.front().squared) return;
  if (!is_leaf(node)) {
    const std::size_t left = 2 * node + 1, right = left + 1;
    const bool right_first = squared_to_box(point, right) < squared_to_box(point, left);
    search(right_first ? right : left, point, count, heap);
    search(right_first ? left : right, point, count, heap);
    return;
  }
  for (auto other = nodes_[node].begin; other < nodes_[node].end; ++other) {
    const Near next{squared(point, other), order_[other]};
    if (heap.size() == count) {
      if (!(next < heap.front())) continue;
      std::pop_heap(heap.begin(), heap.end());
      heap.pop_back();
    }
    heap.push_back(next);
    std::push_heap(heap.begin(), heap.end());
  }
}

void PointTree::nearest(std::uint32_t point, std::size_t count, std::vector<Near>& found) const {
  found.clear();
  search(0, point, count, found);
  std::sort_heap(found.begin(), found.end());
}

}  // namespace alike::map
