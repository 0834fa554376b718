// What the programs that time indexes share.
#pragma once

#include <chrono>
#include <vector>

#include "alike/index/vector_index.h"

namespace alike::bench {

/// How long `work()` takes by the wall clock.
double seconds_of(const auto& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

/// Share of the true neighbours that were found; as near as the farthest of them counts.
inline double recall(const std::vector<index::SearchResult>& found,
                     const std::vector<index::SearchResult>& truth) {
  double hits = 0, wanted = 0;
  for (std::size_t q = 0; q < truth.size(); ++q) {
    if (truth[q].neighbors.empty()) continue;
    const float farthest = truth[q].neighbors.back().distance;
    for (const auto& neighbor : found[q].neighbors) hits += neighbor.distance <= farthest;
    wanted += static_cast<double>(truth[q].neighbors.size());
  }
  return hits / wanted;
}

}  // namespace alike::bench
