// The nearest rows of queries, some queries at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"

namespace alike::measure {

/// How rows are searched.
struct NearestOptions {
  index::Metric metric = index::Metric::cosine;
  std::size_t k = 10;  ///< At least 1.
  int threads = 1;     ///< The result does not depend on it.
};

/// Calls `take(query, neighbours)` for each row of `queries`, in order, with its `k` nearest rows
/// of `gallery`, by their places as ids; equal distances by place; exact (index::Flat). Memory
/// is that of 1,024 answers. Throws `invalid_argument` for k = 0, rows of different widths, and a
/// row with NaN or infinity, which it names; `interrupted`. Progress is counted in queries.
void for_nearest(
    MatrixView queries, MatrixView gallery, const NearestOptions& options, const Watcher& watcher,
    const std::function<void(std::size_t query, std::span<const index::Neighbor>)>& take);

/// A copy of the rows at `places`, in their order.
Matrix rows_at(MatrixView rows, std::span<const std::uint32_t> places);

/// The mean square of the distance of rows from 0, or from their mean: the scale of their products,
/// or of the squares of their distances.
double mean_square(MatrixView rows, bool from_mean);

/// Throws `invalid_argument` where a row holds NaN or infinity; `what` names the rows in it.
void check_finite(MatrixView rows, const char* what);

}  // namespace alike::measure
