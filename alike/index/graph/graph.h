// A graph over reduced rows: its parts, and its making.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "alike/base/progress.h"
#include "alike/index/graph/reduction.h"
#include "alike/index/graph/walk.h"
#include "alike/index/rows/adjacency.h"
#include "alike/index/rows/graph_options.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// How many of the ten nearest were found with a beam, on rows of the graph as queries, each left
/// out of the graph meanwhile.
struct MeasuredRecall {
  std::uint32_t beam = 0;
  float recall = 0;  ///< [0, 1]
};

/// The rows of a source, in its order, as nodes. Immutable; safe from several threads.
struct Graph {
  Reduction reduction;
  std::span<const std::uint8_t> rows;  ///< (nodes, stride) reduced rows, aligned to a cache line.
  AdjacencyView links;
  std::vector<Node> entries;          ///< Where walks begin besides.
  std::vector<AdjacencyView> layers;  ///< As `LayersView::layers`.
  std::span<const std::uint8_t> layer_rows;
  std::span<const Node> layer_nodes;
  std::vector<MeasuredRecall> measured;  ///< By beam, ascending.
  std::shared_ptr<const void> owner;     ///< Of the memory of `rows` and `links`.

  GraphView view() const {
    return {reduction, rows.data(), links, entries, {layer_rows.data(), layer_nodes, layers}};
  }
  /// Bytes it takes in memory.
  std::size_t bytes() const;
  /// The smallest beam that was measured to reach `recall`; the largest one where none did.
  std::size_t beam_for(double recall) const;
  /// Whether some beam did, or none was measured.
  bool reaches(double recall) const;
};

/// Most rows a graph can have.
inline constexpr std::size_t kMostNodes = std::size_t{1} << 31;

/// A graph of all rows of `source`, dead ones too. `known`, if given, is one of its first rows (of
/// whole blocks), which keep their links except where new rows change them; once it has less than
/// half of the rows, all is made anew, and up to 32,768 rows at each power of two, however few come
/// at a time: its components are those of the rows that it began with. `watcher` counts rows
/// linked. Throws `unsupported` for more than `kMostNodes` rows, `interrupted` when it is stopped.
/// A graph never gets fewer links a node than `known` has.
Graph make_graph(const RowSource& source, Metric metric, const GraphOptions& options, int threads,
                 const Graph* known = nullptr, const Watcher& watcher = {});

/// `graph` without the nodes that are marked in `gone` (nodes); the others keep their order and are
/// numbered anew. Neighbours of a removed node inherit its links (as in FreshDiskANN,
/// arXiv 2105.09613).
Graph without_nodes(const Graph& graph, const std::vector<bool>& gone, const GraphOptions& options,
                    int threads);

/// Sets `graph.measured`, with the rows of `source` it was made of.
void measure_recall(Graph& graph, const std::shared_ptr<const RowSource>& source, int threads);

}  // namespace alike::index
