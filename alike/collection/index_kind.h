// Which index answers queries on a space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alike::collection {

enum class IndexKind {
  automatic,  ///< `graph` from `kGraphRows` rows on, `coded` from `kCodedRows` rows of
              ///< `kCodedWidth` numbers on, else `flat`.
  flat,       ///< Every row is read.
  coded,      ///< Small codes are read, and the rows which they leave open.
  graph,      ///< Links are followed: approximate, with a recall that is measured.
};

/// From here on codes are worth their while (docs/results.md). Bounds of narrower rows exclude
/// little: of 128 random numbers a quarter of the rows was read all the same.
inline constexpr std::uint64_t kCodedRows = 20'000;
inline constexpr std::size_t kCodedWidth = 256;

/// From here on a graph is taken to be worth the time that it takes to make (docs/index.md).
inline constexpr std::uint64_t kGraphRows = 500'000;

/// "auto", "flat", "coded", "graph".
std::string_view name_of(IndexKind kind) noexcept;
IndexKind index_kind_from(std::string_view name);  ///< Throws `invalid_argument`.

/// Whether a space of so many rows is to have a graph.
constexpr bool wants_graph(IndexKind kind, std::uint64_t rows) {
  return kind == IndexKind::graph || (kind == IndexKind::automatic && rows >= kGraphRows);
}

/// Whether a space of (rows, width) is to have codes.
constexpr bool wants_codes(IndexKind kind, std::uint64_t rows, std::size_t width) {
  const bool worth_it = rows >= kCodedRows && width >= kCodedWidth && !wants_graph(kind, rows);
  return kind == IndexKind::coded || (kind == IndexKind::automatic && worth_it);
}

/// What `automatic` is for a space of (rows, width).
constexpr IndexKind automatic_kind(std::uint64_t rows, std::size_t width) {
  if (wants_graph(IndexKind::automatic, rows)) return IndexKind::graph;
  return wants_codes(IndexKind::automatic, rows, width) ? IndexKind::coded : IndexKind::flat;
}

}  // namespace alike::collection
