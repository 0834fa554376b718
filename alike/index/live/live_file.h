// The file of a `LiveIndex`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "alike/index/graph/graph.h"
#include "alike/index/live/live_rows.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// Its content.
struct LiveFile {
  Metric metric = Metric::cosine;
  LiveRows rows;
  std::shared_ptr<const Graph> graph;  ///< Null: none.
  std::size_t graph_blocks = 0;        ///< Blocks of `rows` that it is of: the first ones.
};

/// Replaces `file`. No row may be dead. Throws `io`.
void write_live_file(const std::filesystem::path& file, Metric metric, const LiveRows& rows,
                     const Graph* graph, std::size_t graph_blocks);

/// Throws `not_found`, `io`, `corrupt`, and `unsupported` for a newer version.
LiveFile read_live_file(const std::filesystem::path& file);

}  // namespace alike::index
