// A graph as bytes: derived data that is checked before it is walked on.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "alike/index/graph/graph.h"

namespace alike::index {

/// Graphs of another version mean something else: it changes with the layout, the reduction and the
/// way a graph is built.
inline constexpr std::uint64_t kGraphVersion = 1;

/// The bytes that `graph_from` reads (docs/file-formats.md).
std::vector<std::byte> bytes_of(const Graph& graph);

/// The graph in `bytes`, which begin at a cache line; its rows and links stay there, so that
/// `owner` keeps them. Throws `corrupt`, with a sentence that names no file, for bytes of which a
/// walk would leave its memory; the caller verifies checksums.
Graph graph_from(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

}  // namespace alike::index
