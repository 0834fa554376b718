// The nearest neighbours of all rows: the input of every map but PCA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "alike/base/progress.h"
#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::map {

/// The k nearest others of each of n rows, which are known by their places, 0 to n − 1. No row is
/// among its own; others equal to it are, at distance 0.
struct Neighbors {
  std::size_t rows = 0;
  std::size_t k = 0;                  ///< At most rows − 1.
  std::vector<std::uint32_t> places;  ///< (rows, k), nearest first, equal distances by place.
  std::vector<float> distances;       ///< (rows, k), ascending, never negative.

  std::span<const std::uint32_t> places_of(std::size_t row) const {
    return std::span(places).subspan(row * k, k);
  }
  std::span<const float> distances_of(std::size_t row) const {
    return std::span(distances).subspan(row * k, k);
  }
};

/// Finds them: exactly where that is cheaper, by a graph index at recall 0.99 or so for many rows.
/// Rows count in the order of `rows` without its dead ones. `l2` and `cosine` only. Fewer than k +
/// 1 rows give k = rows − 1. The same for any number of threads and on every processor: answers of
/// the index are measured again by the scalar kernels. Throws `invalid_argument` for k = 0, a
/// metric that is no distance, no rows, or a row with NaN or infinity (named); `interrupted`.
Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                         std::size_t k, int threads, const Watcher& watcher = {});

/// The same by a ready index of `rows`, which answers their ids. Throws `corrupt` where it answers
/// too few.
Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows,
                         const index::VectorIndex& index, index::Metric metric, std::size_t k,
                         int threads, const Watcher& watcher = {});

}  // namespace alike::map
