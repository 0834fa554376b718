// The two directions in which rows differ most: the map that bends nothing.
#pragma once

#include <array>
#include <memory>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/flat.h"

namespace alike::map {

/// Principal components of rows.
struct PcaLayout {
  Matrix points;                      ///< (rows, 2) along the first two, about 0.
  std::array<double, 2> explained{};  ///< Share of the variance along each, [0, 1], descending.
};

/// Of the rows of `rows` that are not dead, in their order; for cosine, of length 1. By subspace
/// iteration over all rows (Halko, Martinsson, Tropp, SIAM Review 2011) until the variances stand
/// still to 1e-7, at most 60 rounds. Of each component the largest number is positive. Rows that
/// are all equal, and a single one, lie at 0. The same bits for any number of threads and any
/// processor. Throws `invalid_argument` for no rows, and for one with NaN or infinity (named);
/// `interrupted`.
PcaLayout pca_layout(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                     int threads, const Watcher& watcher = {});

}  // namespace alike::map
