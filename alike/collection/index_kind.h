// The kind of index of a space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace alike::collection {

enum class IndexKind {
  automatic,  ///< `graph` from `kGraphRows` rows on, `coded` from `kCodedRows` rows of
              ///< `kCodedWidth` numbers on, else `flat`.
  flat,       ///< Every row is read.
  coded,      ///< Small codes are read, and the rows which they leave open.
  coded4,     ///< As `coded`, with three more bits per number for rows that one bit leaves open.
  coded8,     ///< With seven more.
  graph,      ///< Links are followed: approximate, with a recall that is measured.
};

/// From here on codes are worth their while (docs/results.md). Bounds of narrower rows exclude
/// little: of 128 random numbers a quarter of the rows was read all the same.
inline constexpr std::uint64_t kCodedRows = 20'000;
inline constexpr std::size_t kCodedWidth = 256;

/// From here on a graph is taken to be worth the time that it takes to make (docs/index.md).
inline constexpr std::uint64_t kGraphRows = 500'000;

/// All of them.
inline constexpr IndexKind kIndexKinds[] = {IndexKind::automatic, IndexKind::flat,
                                            IndexKind::coded,     IndexKind::coded4,
                                            IndexKind::coded8,    IndexKind::graph};

/// "auto", "flat", "coded", "coded4", "coded8", "graph".
std::string_view name_of(IndexKind kind) noexcept;
IndexKind index_kind_from(std::string_view name);  ///< Throws `invalid_argument`.

/// How the rows of a space are reduced and searched.
struct IndexChain {
  std::size_t pca = 0;              ///< Principal components; 0: the rows stay as they are.
  std::optional<IndexKind> kind{};  ///< nullopt: not said.
};

/// Reads "graph", "pca128" or "pca128,graph". Throws `invalid_argument`.
IndexChain index_chain_from(std::string_view text);

/// Whether a space of so many rows is to have a graph.
constexpr bool wants_graph(IndexKind kind, std::uint64_t rows) {
  return kind == IndexKind::graph || (kind == IndexKind::automatic && rows >= kGraphRows);
}

/// Bits per number of the codes that `kind` reads; 0 where it reads none.
constexpr std::size_t bits_of(IndexKind kind) {
  if (kind == IndexKind::coded) return 1;
  if (kind == IndexKind::coded4) return 4;
  return kind == IndexKind::coded8 ? 8 : 0;
}

/// The kind that reads codes of so many bits.
constexpr IndexKind coded_kind(std::size_t bits) {
  if (bits == 1) return IndexKind::coded;
  return bits == 4 ? IndexKind::coded4 : IndexKind::coded8;
}

/// Bits per number of the codes that a space of (rows, width) is to have; 0: none.
constexpr std::size_t wanted_bits(IndexKind kind, std::uint64_t rows, std::size_t width) {
  if (kind != IndexKind::automatic) return bits_of(kind);
  return rows >= kCodedRows && width >= kCodedWidth && !wants_graph(kind, rows) ? 1 : 0;
}

/// The kind that `automatic` stands for in a space of (rows, width).
constexpr IndexKind automatic_kind(std::uint64_t rows, std::size_t width) {
  if (wants_graph(IndexKind::automatic, rows)) return IndexKind::graph;
  const std::size_t bits = wanted_bits(IndexKind::automatic, rows, width);
  return bits > 0 ? coded_kind(bits) : IndexKind::flat;
}

}  // namespace alike::collection
