// How well a search survives damage to its query picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/image/augment/corruptions.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"

namespace alike::judge {

struct RobustnessOptions {
  index::Metric metric = index::Metric::cosine;
  std::size_t k = 10;      ///< Neighbours that are compared, at least 1.
  std::size_t voters = 5;  ///< Neighbours that vote for a class, at least 1.
  int threads = 1;         ///< The result does not depend on it.
};

/// How searches by damaged pictures went. `rows` of each measure are places of the gallery.
struct Robustness {
  measure::Measure
      kept;  ///< "neighbours kept@k": share of the k nearest others that stay among them.
  measure::Measure
      found;  ///< "original first": is no other row nearer than that of the picture itself?
  measure::Measure accuracy;  ///< "5-nn accuracy": of the majority's class; of labelled rows only.
};

/// One kind of damage at one strength.
struct CorruptedRobustness {
  image::Corruption corruption = image::Corruption::noise;
  int strength = 0;  ///< 1 to 5.
  Robustness robustness;
};

/// Judges damaged pictures against their originals in one gallery.
class RobustnessJudge {
 public:
  /// `gallery`: rows of the pictures as they are, kept as a view. `queries`: places of those that
  /// are damaged, ascending, at least one. `labels` (gallery), below 0 where unknown; may be empty.
  /// Throws `invalid_argument` for sizes that do not fit together, fewer than 2 rows, k = 0, or NaN
  /// and infinity, naming the row; `interrupted`.
  RobustnessJudge(MatrixView gallery, std::span<const std::uint32_t> queries,
                  std::span<const int> labels, const RobustnessOptions& options = {},
                  const Watcher& watcher = {});

  /// Searches by undamaged rows: the upper limit of the others. Kept and found are 1,
  /// except where rows are equal.
  Robustness clean(const Watcher& watcher = {}) const;
  /// Searches by `rows` (queries): those of the damaged pictures, in the order of the queries. A
  /// vote that is equal goes to the class that is nearer. Throws as the constructor.
  Robustness judge(MatrixView rows, const Watcher& watcher = {}) const;

 private:
  MatrixView gallery_;
  std::vector<std::uint32_t> queries_;
  std::vector<int> labels_;
  RobustnessOptions options_;
  std::vector<std::vector<std::uint32_t>> nearest_;  // (queries) k others, ascending places
};

/// Gives the rows (queries, width) of the pictures under one damage.
using CorruptedRows = std::function<Matrix(image::Corruption corruption, int strength)>;

/// All kinds of damage at all strengths, in the order of `kCorruptions`. Progress counts them.
std::vector<CorruptedRobustness> judge_robustness(const RobustnessJudge& judge,
                                                  const CorruptedRows& rows_of,
                                                  const Watcher& watcher = {});

}  // namespace alike::judge
