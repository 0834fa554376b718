// The best-first walk over a graph that both building and searching do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/index/graph/reduction.h"
#include "alike/index/rows/adjacency.h"

namespace alike::index {

/// A node and its estimated squared distance, ordered by that, then by node.
struct Reached {
  float distance = 0;
  Node node = 0;

  friend auto operator<=>(const Reached&, const Reached&) = default;  // NOLINT: takes 0 for null
};

inline constexpr Node kNoNode = ~Node{0};

/// The graph as it was when it had few nodes: walks go through it first, so that they begin near
/// the query, whichever cluster that is in (HNSW's upper layers, arXiv 1603.09320). Its nodes are
/// numbers of their own.
struct LayersView {
  const std::uint8_t* rows = nullptr;  ///< (nodes of the last layer, stride) reduced rows.
  std::span<const Node> nodes;  ///< Those nodes in the graph; `kNoNode` for one that is gone.
  /// The smallest first; the nodes of each are the first ones of the next.
  std::span<const AdjacencyView> layers;
};

/// The graph as a walk sees it.
struct GraphView {
  const Reduction& reduction;
  const std::uint8_t* rows;  ///< (nodes, stride) reduced rows, aligned to a cache line.
  AdjacencyView links;
  std::span<const Node> entries;  ///< Further starts of a walk, besides those of the layers.
  LayersView layers;
};

/// One thread's memory for walks, with the result of the last one.
class Walk {
 public:
  /// Finds nodes near `query`: keeps the `beam` nearest met so far and goes on from the nearest
  /// with unfollowed links, until there is none (Vamana's greedy search, NeurIPS 2019).
  /// The result depends on nothing but the arguments.
  /// `without`, if it is a node, is skipped.
  void run(const GraphView& graph, const ReducedQuery& query, std::size_t beam,
           Node without = kNoNode);

  /// At most `beam`, nearest first.
  std::span<const Reached> found() const { return found_; }
  std::uint64_t estimates() const { return estimates_; }  ///< Of the last walk.
  std::uint64_t hops() const { return hops_; }  ///< Nodes expanded (their links followed).

 private:
  /// A graph or one of its layers.
  struct Level {
    const Reduction& reduction;
    const std::uint8_t* rows;
    AdjacencyView links;
  };
  void descend(const GraphView& graph, const ReducedQuery& query);
  void follow(const Level& level, const ReducedQuery& query, std::size_t beam);
  void meet(const Level& level, const ReducedQuery& query, std::size_t beam);
  void begin(std::size_t nodes);
  bool see(Node node);
  void estimate(const Level& level, const ReducedQuery& query);
  void offer(std::uint64_t key, std::size_t beam);

  std::vector<std::uint16_t> seen_;  // the round in which a node was met last
  std::uint16_t round_ = 0;
  std::vector<std::uint64_t> pool_;  // distance, node and whether it was followed, ascending
  std::size_t next_ = 0;             // before it all in the pool were followed
  std::vector<Node> starts_;
  std::vector<Node> nodes_;  // met and not estimated yet
  std::vector<std::int32_t> products_;
  std::vector<float> distances_;
  std::vector<Reached> found_;
  std::uint64_t estimates_ = 0;
  std::uint64_t hops_ = 0;
};

}  // namespace alike::index
