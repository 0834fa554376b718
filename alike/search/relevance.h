// Where relevance ends: the distance beyond which a neighbour is a stranger.
#pragma once

#include <cstdint>
#include <span>

#include "alike/index/vector_index.h"

namespace alike::search {

/// The relevance line of one query. The method and its measured error rates are in
/// docs/relevance.md.
struct RelevanceLine {
  float distance = 0;  ///< Results at most this far are relevant.
  bool known = false;  ///< False where there are too few rows to say, and for inner products.
};

/// Rows of the sample that the line is drawn from.
inline constexpr std::size_t kRelevanceSample = 256;
/// Fewer rows than this are too few to say what a stranger looks like.
inline constexpr std::uint64_t kRelevanceRows = 20;

/// Draws the line of a query from its distances to an even sample of the space, nearest first.
/// `rows` is the number of rows in the space: the more strangers, the nearer the nearest of them.
RelevanceLine relevance_line(std::span<const index::Neighbor> sample, std::uint64_t rows,
                             index::Metric metric);

}  // namespace alike::search
