// The plainest map: the first two principal components of the rows.
#pragma once

#include <array>
#include <memory>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::map {

/// Rows along their first two principal components.
struct PcaLayout {
  Matrix points;                      ///< (rows, 2), mean 0, in the order of the living rows.
  std::array<double, 2> explained{};  ///< Share of the variance along each axis, [0, 1].
};

/// Finds them by subspace iteration on all living rows (Halko, Martinsson, Tropp, SIAM Review 53,
/// 2011), which are read some ten times and not copied. Rows of cosine count as of length 1. The
/// component number of largest size is positive. An axis along which nothing differs is 0. The same
/// for any number of threads and any processor. Throws `invalid_argument` for no rows and for one
/// with NaN or infinity (named); `interrupted`.
PcaLayout pca_layout(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                     int threads, const Watcher& watcher = {});

}  // namespace alike::map
