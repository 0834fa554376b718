#include "alike/judge/playground_replay.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/measure/labels.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::judge {
namespace {

constexpr double kRounding = 1e-9;  // percent; the next score is 0.8 away

}  // namespace

PlaygroundSimilarity playground_similarity(MatrixView rows,
                                           const measure::PlaygroundOptions& options,
                                           const Watcher& watcher) {
  if (options.metric == index::Metric::inner_product || options.k == 0) {
    throw Error(ErrorCode::invalid_argument,
                "the playground ranks at least 1 result by cosine or l2, not " +
                    std::to_string(options.k) + " by " +
                    std::string(index::name_of(options.metric)));
  }
  PlaygroundSimilarity similarity;
  similarity.of.resize(rows.rows);
  const std::size_t k = std::min(options.k, rows.rows) + 1;
  measure::for_nearest(rows, rows, {options.metric, k, options.threads}, watcher,
                       [&](std::size_t row, std::span<const index::Neighbor> nearest) {
                         for (const auto& neighbor : nearest) {
                           const double distance = neighbor.distance;
                           similarity.of[row].push_back(
                               {static_cast<std::uint32_t>(neighbor.id),
                                options.metric == index::Metric::cosine ? 1 - distance : distance});
                         }
                       });
  return similarity;
}

Replay replay(const PlaygroundSimilarity& similarity, const PlaygroundDataset& dataset,
              std::span<const double> published, std::size_t k) {
  if (similarity.of.size() != dataset.classes.size() || published.size() != similarity.of.size()) {
    throw Error(ErrorCode::invalid_argument,
                "there are results of " + std::to_string(similarity.of.size()) +
                    " images, classes of " + std::to_string(dataset.classes.size()) +
                    " (dataset '" + dataset.name + "') and " + std::to_string(published.size()) +
                    " published scores; all must be of the same images");
  }
  Replay result;
  result.replayed =
      measure::playground_scores(similarity.rankings(), number_labels(dataset.classes).of, k);
  for (std::size_t i = 0; i < result.replayed.rows.size(); ++i) {
    const std::uint32_t image = result.replayed.rows[i];
    const double now = result.replayed.values[i], then = published[image];
    if (now == then) {
      ++result.same_digits;
    } else if (std::abs(now - then) > kRounding) {
      result.different.push_back({image, then, now});
    }
  }
  return result;
}

}  // namespace alike::judge
