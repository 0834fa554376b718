// The links of a graph of rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alike::index {

/// A node of the graph: the number of a row in the order of its source.
using Node = std::uint32_t;

/// A view of links.
struct AdjacencyView {
  std::size_t nodes = 0;
  std::size_t degree = 0;
  const std::uint16_t* counts = nullptr;  ///< (nodes) at most `degree`.
  const Node* links = nullptr;            ///< (nodes, degree)

  std::span<const Node> of(Node node) const { return {links + node * degree, counts[node]}; }
};

/// Up to `degree` links from each node. Different nodes may be changed at the same time.
class Adjacency {
 public:
  Adjacency() = default;
  Adjacency(std::size_t nodes, std::size_t degree)
      : degree_(degree), counts_(nodes), links_(nodes * degree) {}

  /// A copy.
  explicit Adjacency(const AdjacencyView& of)
      : degree_(of.degree),
        counts_(of.counts, of.counts + of.nodes),
        links_(of.links, of.links + of.nodes * of.degree) {}

  AdjacencyView view() const { return {counts_.size(), degree_, counts_.data(), links_.data()}; }
  /// At most `degree` of them.
  void set(Node node, std::span<const Node> to) {
    std::copy(to.begin(), to.end(), links_.begin() + static_cast<std::ptrdiff_t>(node * degree_));
    counts_[node] = static_cast<std::uint16_t>(to.size());
  }

 private:
  std::size_t degree_ = 0;
  std::vector<std::uint16_t> counts_;
  std::vector<Node> links_;
};

}  // namespace alike::index
