// The playground's results and scores from rows of a space, and its own scores again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/judge/playground_files.h"
#include "alike/measure/measure.h"
#include "alike/measure/playground_score.h"

namespace alike::judge {

/// The similarity file of these rows: for each its options.k + 1 nearest rows, itself
/// among them, with their cosine similarity or their l2 distance. Exact; equal distances by place.
/// Throws as `playground_scores`, and `invalid_argument` for the metric ip, which the playground
/// has not.
PlaygroundSimilarity playground_similarity(MatrixView rows,
                                           const measure::PlaygroundOptions& options,
                                           const Watcher& watcher = {});

/// A recomputed score that is not the published one.
struct ScoreDifference {
  std::uint32_t image = 0;
  double published = 0, replayed = 0;
};

/// How the published scores of a layer compare with those of its similarity file.
struct Replay {
  measure::Measure replayed;    ///< Of each image of a known class.
  std::size_t same_digits = 0;  ///< Images with the same double as score: all printed digits.
  std::vector<ScoreDifference> different;  ///< By more than rounding, 1e-9.

  /// Is every published score met to the last digit?
  bool exact() const { return same_digits == replayed.values.size(); }
};

/// Recomputes the scores of a layer from its results and the classes of its images, and compares.
/// Throws `invalid_argument` where the three are not of as many images.
Replay replay(const PlaygroundSimilarity& similarity, const PlaygroundDataset& dataset,
              std::span<const double> published, std::size_t k = measure::kPlaygroundResults);

}  // namespace alike::judge
