// Measures of retrieval: are the nearest rows of the same class?
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"

namespace alike::measure {

struct RetrievalOptions {
  index::Metric metric = index::Metric::cosine;
  /// The K of recall and precision, each at least 1; in any order.
  std::vector<std::size_t> cutoffs = {1, 5, 10};
  /// Also "map", for which the ranks of all relevant rows are needed: more work and memory.
  bool whole_list = true;
  int threads = 1;  ///< The result does not depend on it.
};

/// Measures of queries with R other rows of their class in the gallery, at ranks r₁ < … < r_R:
///
/// | recall@K    | 1 where r₁ ≤ K, else 0: the hit rate of metric learning, also CMC@K |
/// | precision@K | share of relevant rows among the K nearest, of K even where R < K |
/// | r-precision | share of relevant rows among the R nearest |
/// | map@r       | 1/R Σ i / rᵢ over rᵢ ≤ R (Musgrave, Belongie, Lim, ECCV 2020) |
/// | map         | 1/R Σ i / rᵢ over all of them |
///
/// Rows at the same distance are ranked by their number. A row of zeros is as far from every row
/// for the cosine.
struct Retrieval {
  /// In the order of the table, cutoffs as given; `rows` are those of the queries.
  std::vector<Measure> measures;
  std::size_t queries = 0;    ///< That were judged.
  std::size_t lone = 0;       ///< Queries left out: nothing in the gallery is of their class.
  std::size_t unlabeled = 0;  ///< Rows left out of queries and gallery: label below 0.
};

/// Every row is a query among the others. Throws `invalid_argument` for shapes that do not fit, no
/// or bad cutoffs, a row with NaN or infinity (named), and where no query is left to judge;
/// `interrupted` after `watcher.stop`. Memory: at most 1 GiB over the rows for up to a million of
/// them, no n².
Retrieval measure_retrieval(MatrixView rows, std::span<const int> labels,
                            const RetrievalOptions& options, const Watcher& watcher = {});

/// Queries among a gallery apart from them. The numbers of classes are the same in both. In
/// `Measure::others` the rows of the gallery are counted on from the queries.
Retrieval measure_retrieval(MatrixView queries, std::span<const int> query_labels,
                            MatrixView gallery, std::span<const int> gallery_labels,
                            const RetrievalOptions& options, const Watcher& watcher = {});

}  // namespace alike::measure
