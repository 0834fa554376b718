// Classification by the k nearest rows: does a row's neighbourhood tell its class?
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"
#include "alike/measure/split.h"

namespace alike::measure {

struct KnnOptions {
  index::Metric metric = index::Metric::cosine;
  /// Neighbours that vote, each at least 1; in any order.
  std::vector<std::size_t> k = {1, 5, 20, 200};
  /// T of the weights exp(s / T); positive.
  double temperature = 0.07;
  int threads = 1;  ///< The result does not depend on it.
};

/// One way of voting.
struct KnnVote {
  std::size_t k = 0;
  bool weighted = false;
  Measure accuracy;            ///< "knn@5" or "knn-weighted@5"; `rows` are those of the test.
  std::vector<int> predicted;  ///< (test rows) the class.
};

struct Knn {
  /// For each k, as given: the uniform vote, then the weighted one.
  std::vector<KnnVote> votes;
  std::vector<std::size_t> left_out;  ///< The k that are more than there are rows in train.
  std::size_t unlabeled = 0;          ///< Rows of the split left out: label below 0.
};

/// Classifies the test rows of `split` by their nearest rows of train, once for all k. A uniform
/// vote counts; a weighted one adds exp(s / T) (Wu et al., CVPR 2018; Caron et al., ICCV 2021), s
/// being the cosine; the inner product, by the mean square of the lengths of train; or for `l2`
/// −d²/2, by that of their distances from their mean. So neither scale nor place of all rows
/// matters. The class with most wins, of equal ones the smaller, as scikit-learn has it; rows at
/// the same distance are taken by their number. `split.train` and `split.test` are ascending places
/// of `labels` and rows. Throws `invalid_argument` for shapes that do not fit, no or bad k, a row
/// with NaN or infinity (named), or where train or test is empty; `interrupted` after
/// `watcher.stop`.
Knn classify_by_neighbors(MatrixView rows, std::span<const int> labels, const Split& split,
                          const KnnOptions& options, const Watcher& watcher = {});

}  // namespace alike::measure
