// A k-d tree over the points of a map.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/matrix.h"

namespace alike::map {

/// Points of (n, 2) ordered so that those of any node are neighbours in memory. Keeps a copy. Any
/// number of threads may read it.
class PointTree {
 public:
  /// A box and the points in it: [begin, end) of `order`. Children: 2i + 1 and 2i + 2.
  struct Node {
    float low[2], high[2];
    std::uint32_t begin, end;
  };

  explicit PointTree(MatrixView points);

  std::size_t size() const { return order_.size(); }
  /// Rows of the points given, in the order of the tree.
  const std::vector<std::uint32_t>& order() const { return order_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  bool is_leaf(std::size_t node) const { return node >= nodes_.size() / 2; }

  /// Squared distances, exact but for the rounding of double: between two points by their places in
  /// the tree, and from a point to the nearest corner or side of a node's box.
  double squared(std::uint32_t a, std::uint32_t b) const;
  double squared_to_box(std::uint32_t point, std::size_t node) const;

  /// A point near another.
  struct Near {
    double squared = 0;
    std::uint32_t row = 0;

    friend auto operator<=>(const Near&, const Near&) = default;  // NOLINT: takes 0 for null
  };
  /// Sets `found` to the `count` nearest to a point by its place in the tree, that one among them,
  /// ascending by distance, then by row; to all where there are fewer.
  void nearest(std::uint32_t point, std::size_t count, std::vector<Near>& found) const;

 private:
  void split(std::size_t node, std::uint32_t begin, std::uint32_t end, MatrixView points);
  void search(std::size_t node, std::uint32_t point, std::size_t count,
              std::vector<Near>& heap) const;

  std::vector<std::uint32_t> order_;
  std::vector<float> points_;  // (n, 2), in tree order
  std::vector<Node> nodes_;    // a whole binary tree
};

}  // namespace alike::map
