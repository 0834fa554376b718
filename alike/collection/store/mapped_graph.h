// The graph of a space as it is searched: a file derived from its segments.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "alike/collection/store/mapped_rows.h"
#include "alike/index/graph/graph_index.h"

namespace alike::collection {

/// In the folder of the space.
inline constexpr std::string_view kGraphFile = "graph.seg";

/// The first thing in the file of a graph: the groups of rows it is of, in the order of its nodes.
struct GraphCover {
  std::int64_t segment = 0;
  std::uint64_t sum = 0;  ///< `Group::sum`.
};

/// A graph and which rows it is of. Safe from several threads.
class MappedGraph {
 public:
  /// The graph in folder `space` of `folder`, all of it checked, if it is one of rows of this space
  /// as they are now. Throws `io` where the system cannot open or map the file, which says nothing
  /// of it.
  static std::optional<MappedGraph> open(const Folder& folder, const std::string& space,
                                         const std::shared_ptr<const MappedRows>& rows,
                                         index::Metric metric);

  std::unique_ptr<const index::VectorIndex> index() const;
  /// Rows in the graph, dead ones too.
  std::uint64_t rows() const { return graph_->links.nodes; }
  /// The recall measured with default options.
  double measured_recall() const;
  const index::Graph& graph() const { return *graph_; }
  const std::vector<GraphCover>& cover() const { return cover_; }
  /// The file that it is mapped from.
  const std::shared_ptr<const MappedFile>& file() const { return file_; }

 private:
  MappedGraph() = default;

  std::shared_ptr<const MappedFile> file_;
  std::shared_ptr<const index::Graph> graph_;
  std::vector<GraphCover> cover_;
  std::shared_ptr<const index::RowSource> nodes_, rest_;
};

/// The blocks of the groups in `cover`, in that order, and of all others. nullopt when one of the
/// groups is not there.
struct CoveredBlocks {
  std::vector<std::size_t> nodes, rest;
};
std::optional<CoveredBlocks> blocks_of(const MappedRows& rows,
                                       const std::vector<GraphCover>& cover);

}  // namespace alike::collection
