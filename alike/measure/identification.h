// Open-set identification: the class of a picture, or none known, by few enrolled pictures a class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"

namespace alike::measure {

struct IdentificationOptions {
  index::Metric metric = index::Metric::cosine;
  std::size_t shots = 1;  ///< Rows enrolled of each known class, at least 1.
  std::size_t draws = 5;  ///< Of known classes and enrolled rows, at least 1.
  std::uint64_t seed = 1;
  int threads = 1;  ///< The result does not depend on it.
};

/// In each draw half of the classes that have more rows than `shots` are known: `shots` rows of
/// each are enrolled as their mean direction (for l2 and ip their mean: Snell et al. 2017), their
/// other rows are to be identified, and all rows of other classes are unknown. `rows` are those
/// that were to be identified in a draw, each with its mean over such draws:
///
/// | identification, N a class | is the nearest of the enrolled classes the right one? (rank 1) |
/// | dir@far=F, N a class      | and is it also nearer than all but a share F of unknown rows are
///                               to theirs? (detection and identification rate, Phillips, Grother,
///                               Micheals 2011) for F = 0.1 and 0.01 |
struct Identification {
  std::vector<Measure> measures;
  std::size_t classes = 0;    ///< Known in each draw.
  std::size_t strangers = 0;  ///< Rows of the others in the first draw.
};

/// `labels` (rows), below 0 where unknown: such rows are left out. Throws `invalid_argument` where
/// fewer than four classes have more than `shots` rows, for other numbers of labels, and for NaN or
/// infinity (the row is named); `interrupted`.
Identification measure_identification(MatrixView rows, std::span<const int> labels,
                                      const IdentificationOptions& options,
                                      const Watcher& watcher = {});

}  // namespace alike::measure
