// Approximate search: a walk over a graph, then the exact distances of the nodes found.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "alike/index/graph/graph.h"
#include "alike/index/vector_index.h"

namespace alike::index {

class RowOfId;

/// Filters that few rows pass are answered by a scan of the reduced rows that do, since a walk
/// would meet too few of them. Where no beam was measured to reach the recall asked for, or one
/// that costs more than to read all rows, all rows are read. Fewer than k are answered only when
/// fewer pass. Distances are exact.
class GraphIndex final : public VectorIndex {
 public:
  /// `graph` is of all rows of `nodes`; those of `rest` (may be null) are read in full. Which rows
  /// are dead must not change.
  GraphIndex(std::shared_ptr<const RowSource> nodes, std::shared_ptr<const Graph> graph,
             std::shared_ptr<const RowSource> rest);
  ~GraphIndex() override;

  std::size_t width() const override;
  std::uint64_t size() const override;
  /// Whether all rows are read for these options.
  bool scans(const SearchOptions& options) const;
  SearchResult search(std::span<const float> query, const SearchOptions& options) const override;
  std::vector<SearchResult> search_batch(MatrixView queries,
                                         const SearchOptions& options) const override;
  /// `search_batch` of `nodes`, where each query passes over one node, (queries) or none at all.
  std::vector<SearchResult> search_batch_without(MatrixView queries, std::span<const Node> without,
                                                 const SearchOptions& options) const;

 private:
  std::vector<SearchResult> scan(MatrixView queries, std::span<const Node> without,
                                 SearchOptions options) const;

  std::shared_ptr<const RowSource> nodes_;
  std::shared_ptr<const Graph> graph_;
  std::shared_ptr<const RowSource> rest_;
  std::unique_ptr<const RowOfId> places_;
  std::uint64_t alive_;  // of the nodes
};

}  // namespace alike::index
