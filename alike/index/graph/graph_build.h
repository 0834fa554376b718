// Linking reduced rows so that a walk finds its way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/index/graph/graph.h"

namespace alike::index {

/// The links of a graph built.
struct BuiltLinks {
  Adjacency links;
  std::vector<Node> entries;
  std::vector<Adjacency> layers;  ///< As `LayersView::layers`; none where nodes were known before.
  AlignedBytes layer_rows;
  std::vector<Node> layer_nodes;
};

/// Links `nodes` reduced rows at `rows` (nodes, stride); those of `known`, if given, are linked
/// already and are the first of them. Nodes enter in a random order, in batches that walk the graph
/// as it was before the batch (as in ParlayANN, PPoPP 2024), so that it is the same for any number
/// of threads; their links are chosen by Vamana's rule (NeurIPS 2019).
BuiltLinks build_links(const Reduction& reduction, const std::uint8_t* rows, std::size_t nodes,
                       const GraphOptions& options, int threads, const GraphView* known,
                       const Watcher& watcher);

/// Links of `known` without nodes that are marked in `gone`: their numbers stay, but without links
/// to or from them.
Adjacency bridge(const GraphView& known, const std::vector<bool>& gone, const GraphOptions& options,
                 int threads);

}  // namespace alike::index
