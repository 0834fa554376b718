#include "alike/judge/robustness.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/index/flat/distances.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::judge {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorCode::invalid_argument, why); }

/// The neighbours of a row without the row itself; at most `count`.
std::vector<std::uint32_t> others_of(std::span<const index::Neighbor> found, std::uint32_t row,
                                     std::size_t count) {
  std::vector<std::uint32_t> others;
  for (const auto& neighbor : found) {
    const auto place = static_cast<std::uint32_t>(neighbor.id);
    if (place != row && others.size() < count) others.push_back(place);
  }
  return others;
}

/// The share of `before` (ascending, not empty) that is in `now`.
double share_kept(const std::vector<std::uint32_t>& before, std::vector<std::uint32_t> now) {
  std::ranges::sort(now);
  std::vector<std::uint32_t> both;
  std::set_intersection(before.begin(), before.end(), now.begin(), now.end(),
                        std::back_inserter(both));
  return static_cast<double>(both.size()) / static_cast<double>(before.size());
}

/// The class most of `voters` have, of equal ones that which comes first; -1 where none is known.
int voted(std::span<const std::uint32_t> voters, std::span<const int> labels) {
  std::map<int, std::size_t> votes;
  int best = -1;
  for (const std::uint32_t voter : voters) {
    if (labels[voter] >= 0) ++votes[labels[voter]];
  }
  for (const std::uint32_t voter : voters) {
    if (labels[voter] >= 0 && (best < 0 || votes[labels[voter]] > votes[best])) {
      best = labels[voter];
    }
  }
  return best;
}

/// Is the row of the picture itself as near to `query` as the nearest?
bool is_first(std::span<const float> query, std::span<const float> own, index::Metric metric,
              float nearest) {
  const index::Distances distances(metric, {query.data(), 1, query.size()});
  index::Distances::Scratch scratch;
  distances.measure(0, own.data(), 1, scratch);
  return scratch.distances[0] <= nearest;
}

void check(MatrixView gallery, std::span<const std::uint32_t> queries, std::span<const int> labels,
           const RobustnessOptions& options) {
  if (gallery.rows < 2)
    refuse("robustness needs 2 rows at least; there are " + std::to_string(gallery.rows));
  if (queries.empty()) refuse("no picture is damaged; robustness needs one at least");
  if (options.k == 0 || options.voters == 0) refuse("k is 0; it must be at least 1");
  require_for_each_row_or_none(labels.size(), "labels", gallery.rows);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (queries[i] >= gallery.rows || (i > 0 && queries[i] <= queries[i - 1])) {
      refuse("picture " + std::to_string(queries[i]) +
             " is to be damaged; places must ascend and "
             "be below " +
             std::to_string(gallery.rows));
    }
  }
}

}  // namespace

RobustnessJudge::RobustnessJudge(MatrixView gallery, std::span<const std::uint32_t> queries,
                                 std::span<const int> labels, const RobustnessOptions& options,
                                 const Watcher& watcher)
    : gallery_(gallery),
      queries_(queries.begin(), queries.end()),
      labels_(labels.begin(), labels.end()),
      options_(options) {
  check(gallery, queries, labels, options);
  options_.k = std::min(options.k, gallery.rows - 1);
  options_.voters = std::min(options.voters, gallery.rows - 1);
  nearest_.resize(queries.size());
  measure::for_nearest(measure::rows_at(gallery_, queries_), gallery_,
                       {options_.metric, options_.k + 1, options_.threads}, watcher,
                       [&](std::size_t query, std::span<const index::Neighbor> found) {
                         nearest_[query] = others_of(found, queries_[query], options_.k);
                         std::ranges::sort(nearest_[query]);
                       });
}

Robustness RobustnessJudge::clean(const Watcher& watcher) const {
  return judge(measure::rows_at(gallery_, queries_), watcher);
}

Robustness RobustnessJudge::judge(MatrixView rows, const Watcher& watcher) const {
  if (rows.rows != queries_.size()) {
    refuse("there are " + std::to_string(rows.rows) + " rows of " +
           std::to_string(queries_.size()) + " damaged pictures; give one for each");
  }
  std::vector<double> kept, found, right;
  std::vector<std::uint32_t> labeled;
  const std::size_t most = std::max(options_.k, options_.voters);
  measure::for_nearest(rows, gallery_, {options_.metric, most + 1, options_.threads}, watcher,
                       [&](std::size_t query, std::span<const index::Neighbor> nearest) {
                         const std::uint32_t self = queries_[query];
                         auto others = others_of(nearest, self, most);
                         found.push_back(is_first(rows.row(query), gallery_.row(self),
                                                  options_.metric, nearest[0].distance));
                         if (!labels_.empty() && labels_[self] >= 0) {
                           const auto voters = std::span(others).first(options_.voters);
                           labeled.push_back(self);
                           right.push_back(voted(voters, labels_) == labels_[self]);
                         }
                         others.resize(options_.k);
                         kept.push_back(share_kept(nearest_[query], std::move(others)));
                       });
  return {
      measure::mean_of("neighbours kept@" + std::to_string(options_.k), queries_, std::move(kept)),
      measure::mean_of("original first", queries_, std::move(found)),
      measure::mean_of(std::to_string(options_.voters) + "-nn accuracy", std::move(labeled),
                       std::move(right))};
}

std::vector<CorruptedRobustness> judge_robustness(const RobustnessJudge& judge,
                                                  const CorruptedRows& rows_of,
                                                  const Watcher& watcher) {
  std::vector<CorruptedRobustness> results;
  Watcher quiet;
  quiet.stop = watcher.stop;
  for (const image::Corruption corruption : image::kCorruptions) {
    for (int strength = 1; strength <= image::kStrengths; ++strength) {
      const Matrix rows = rows_of(corruption, strength);
      results.push_back({corruption, strength, judge.judge(rows, quiet)});
      watcher.tell({results.size(), image::kCorruptions.size() * image::kStrengths, 0});
    }
  }
  return results;
}

}  // namespace alike::judge
