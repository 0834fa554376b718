#include "alike/measure/playground_score.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/measure/gallery_effects.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

/// Collects the score of one row after the other.
class Scores {
 public:
  Scores(std::span<const int> labels, std::size_t k) : labels_(labels), k_(k) {
    if (k == 0) {
      throw Error(ErrorCode::invalid_argument,
                  "the playground score looks at 0 results; it needs at least 1");
    }
  }

  /// The next place of the ranking of `row`.
  void meet(std::size_t row, std::size_t place) {
    if (place != row && results_.size() < k_) results_.push_back(labels_[place]);
  }
  void close(std::size_t row) {
    if (labels_[row] >= 0) {
      rows_.push_back(static_cast<std::uint32_t>(row));
      values_.push_back(playground_score(results_, labels_[row]));
    }
    results_.clear();
  }
  Measure measure() && {
    std::string name = "playground score";
    if (k_ != kPlaygroundResults) name += "@" + std::to_string(k_);
    Measure made = mean_of(std::move(name), std::move(rows_), std::move(values_));
    made.most = 100;
    return made;
  }

 private:
  std::span<const int> labels_;
  std::size_t k_;
  std::vector<int> results_;
  std::vector<std::uint32_t> rows_;
  std::vector<double> values_;
};

}  // namespace

double playground_score(std::span<const int> results, int label) {
  const auto count = static_cast<double>(results.size());
  double right = 0, all = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const double weight = (count - static_cast<double>(i)) / count;
    all += weight;
    if (results[i] == label && label >= 0) right += weight;
  }
  return results.empty() ? 0 : 100 * right / all;
}

Measure playground_scores(std::span<const std::vector<std::uint32_t>> rankings,
                          std::span<const int> labels, std::size_t k) {
  require_for_each_row(labels.size(), "labels", rankings.size());
  Scores scores(labels, k);
  for (std::size_t row = 0; row < rankings.size(); ++row) {
    for (const std::uint32_t place : rankings[row]) {
      if (place >= labels.size()) {
        throw Error(ErrorCode::invalid_argument,
                    "the ranking of row " + std::to_string(row) + " holds " +
                        std::to_string(place) + "; there are " + std::to_string(labels.size()) +
                        " rows, counted from 0");
      }
      scores.meet(row, place);
    }
    scores.close(row);
  }
  return std::move(scores).measure();
}

namespace {

/// How much lower the score is without each of the first `k` of these other rows, of which there
/// may be one more, who moves up.
std::vector<GalleryEffect> score_effects(std::span<const std::uint32_t> others, std::size_t k,
                                         std::span<const int> labels, int label) {
  const auto score_without = [&](std::size_t without) {
    std::vector<int> results;
    for (std::size_t i = 0; i < others.size() && results.size() < k; ++i) {
      if (i != without) results.push_back(labels[others[i]]);
    }
    return playground_score(results, label);
  };
  std::vector<GalleryEffect> effects;
  const double score = score_without(others.size());
  for (std::size_t i = 0; i < std::min(k, others.size()); ++i) {
    const double lower = score - score_without(i);
    if (lower != 0) effects.push_back({others[i], labels[others[i]] == label, lower});
  }
  return effects;
}

}  // namespace

Measure playground_scores(MatrixView rows, std::span<const int> labels,
                          const PlaygroundOptions& options, const Watcher& watcher) {
  require_for_each_row(labels.size(), "labels", rows.rows);
  Scores scores(labels, options.k);
  std::vector<std::uint32_t> all(rows.rows), judged;
  std::iota(all.begin(), all.end(), 0U);
  std::ranges::copy_if(all, std::back_inserter(judged), [&](auto row) { return labels[row] >= 0; });
  std::map<int, std::size_t> of_class;
  for (const int label : labels) ++of_class[label];
  GalleryEffects effects(all, judged, 1);
  // The row itself and one that moves up besides; k may be far above the rows there are.
  const std::size_t k = std::min(options.k, rows.rows) + 2;
  std::size_t query = 0;
  for_nearest(rows, rows, {options.metric, k, options.threads}, watcher,
              [&](std::size_t row, std::span<const index::Neighbor> nearest) {
                std::vector<std::uint32_t> others;
                for (const auto& neighbor : nearest) {
                  const auto place = static_cast<std::uint32_t>(neighbor.id);
                  scores.meet(row, place);
                  if (place != row) others.push_back(place);
                }
                scores.close(row);
                if (labels[row] < 0) return;
                if (effects.takes(query)) {
                  effects.add(query, 0, score_effects(others, options.k, labels, labels[row]),
                              of_class[labels[row]] - 1);
                }
                ++query;
              });
  Measure made = std::move(scores).measure();
  if (!judged.empty()) effects.finish(0, {}, made);
  return made;
}

std::vector<Measure> by_class(const Measure& measure, std::span<const int> labels,
                              std::size_t classes) {
  std::vector<Measure> parts(classes);
  for (std::size_t i = 0; i < measure.rows.size(); ++i) {
    const int label = labels[measure.rows[i]];
    if (label < 0) continue;
    Measure& part = parts.at(static_cast<std::size_t>(label));
    part.rows.push_back(measure.rows[i]);
    part.values.push_back(measure.values[i]);
  }
  for (Measure& part : parts) {
    part = mean_of(measure.name, std::move(part.rows), std::move(part.values));
    part.most = measure.most;
  }
  return parts;
}

}  // namespace alike::measure
