// The search score of the ConvNet Playground (Cloudera Fast Forward, FF03-2019).
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

/// Results that the published scores look at.
inline constexpr std::size_t kPlaygroundResults = 15;

/// 100 · Σ w(i) over the results of class `label` ÷ Σ w(i) over all, w(i) = (K − i)/K for rank i
/// from 0 (SemanticEx.jsx, "weighted score"). `results` are the classes of the first K results,
/// nearest first and without the query itself; K is as many as there are, 0 results score 0. The
/// sums run in the order of ranks, so that published scores come out to the last digit. A class
/// below 0 is unknown and never right.
///
/// The last version of the application left the query in the list: it was its own first result,
/// and each of its scores is too high. That is not done here.
double playground_score(std::span<const int> results, int label);

/// "playground score" (at K = 15; "playground score@K" at another), in percent, of each row of a
/// known class. `rankings` (rows): places of rows, nearest first; the row itself is dropped
/// where it is met, then the first K count; a list may be shorter. `labels` (rows), below 0 where
/// unknown. Throws `invalid_argument` for K = 0, lists that are not one for each label, and a place
/// that is no row.
Measure playground_scores(std::span<const std::vector<std::uint32_t>> rankings,
                          std::span<const int> labels, std::size_t k = kPlaygroundResults);

/// How rows are ranked for it.
struct PlaygroundOptions {
  index::Metric metric = index::Metric::cosine;  ///< The playground has cosine and l2.
  std::size_t k = kPlaygroundResults;            ///< K, at least 1.
  int threads = 1;                               ///< The result does not depend on it.
};

/// The same with each row's nearest others among `rows`, equal distances by place; exact. Needs
/// no memory of rows². Throws also for NaN or infinity, naming the row, and for another number of
/// labels; `interrupted`.
Measure playground_scores(MatrixView rows, std::span<const int> labels,
                          const PlaygroundOptions& options, const Watcher& watcher = {});

/// The measure of the rows of each class alone, class by class under its name; `labels` are those
/// it was taken with, numbers below `classes`. A class without a row has no value and is 0.
std::vector<Measure> by_class(const Measure& measure, std::span<const int> labels,
                              std::size_t classes);

}  // namespace alike::measure
