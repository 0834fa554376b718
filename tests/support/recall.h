// How many of the true neighbours an index found.
#pragma once

#include <vector>

#include "alike/index/vector_index.h"

namespace alike::test {

/// Share of the true neighbours that were found; as near as the farthest of them counts.
inline double recall(const std::vector<index::SearchResult>& found,
                     const std::vector<index::SearchResult>& truth) {
  double hits = 0, wanted = 0;
  for (std::size_t q = 0; q < truth.size(); ++q) {
    if (truth[q].neighbors.empty()) continue;
    const float farthest = truth[q].neighbors.back().distance;
    for (const auto& neighbor : found[q].neighbors) hits += neighbor.distance <= farthest ? 1 : 0;
    wanted += static_cast<double>(truth[q].neighbors.size());
  }
  return hits / wanted;
}

}  // namespace alike::test
