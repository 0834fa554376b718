// The principal components of rows: the directions of most variance.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/measure/learners/packed_rows.h"

namespace alike::measure {

struct PrincipalComponents {
  Matrix components;              ///< (some, width) orthonormal.
  std::vector<double> variances;  ///< (some) of the rows along each, descending.
  double rest = 0;                ///< Mean variance along the remaining directions.
};

/// At most `most` of them, from an even sample of some thousand rows, by subspace iteration (Halko,
/// Martinsson, Tropp 2011): near enough for a preconditioner. The same for any number of threads.
PrincipalComponents principal_components(const PackedRows& rows, std::size_t most, int threads);

}  // namespace alike::measure
