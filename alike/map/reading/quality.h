// How well points show the rows that they stand for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"
#include "alike/map/layout/neighbors.h"

namespace alike::map {

/// Figures in [0, 1], larger is better; each about the `k` nearest of some rows among all.
struct Quality {
  std::size_t k = 0;           ///< As asked for, but at most half of the others; 0: too few to say.
  std::size_t sample = 0;      ///< Rows judged.
  double trustworthiness = 1;  ///< Are the nearest points near rows? (Venna, Kaski 2001)
  double continuity = 1;       ///< Are the nearest rows near points?
  double neighbors_kept = 1;   ///< Share of the nearest rows that are among the nearest points.
  double triplets = 1;  ///< Of two rows at random, is the nearer one nearer as a point? (Wang,
                        ///< Huang, Rudin, Shaposhnik, JMLR 2021)
  /// (n) trustworthiness of each point, from ranks that are exact up to some thousand rows and
  /// estimated among some hundred chosen ones beyond.
  std::vector<float> trust;
};

/// Judges `points` (n, 2), one for each row of `rows` that is not dead, in their order. A sample is
/// judged where there are more than some thousand rows: the wider and the more, the smaller, of 100
/// at least; `seed` draws it. The same for any number of threads. `on_map`: the nearest points, as
/// `point_neighbors` gives them, `k` or more. Throws `invalid_argument` for other shapes;
/// `interrupted`.
Quality measure_quality(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                        MatrixView points, const Neighbors& on_map, std::size_t k,
                        std::uint64_t seed, int threads, const Watcher& watcher = {});

}  // namespace alike::map
