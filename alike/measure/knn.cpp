#include "alike/measure/knn.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

std::vector<std::uint32_t> labelled(std::span<const std::uint32_t> places,
                                    std::span<const int> labels, std::size_t& left_out) {
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t place : places) {
    if (place >= labels.size())
      refuse("the split names row " + std::to_string(place) + "; there are " +
             std::to_string(labels.size()));
    if (labels[place] < 0) {
      ++left_out;
    } else {
      kept.push_back(place);
    }
  }
  return kept;
}

/// ln of the weight up to a common constant: s / T.
double exponent(float distance, const KnnOptions& options) {
  const double d = distance;
  switch (options.metric) {
    case index::Metric::cosine: return (1 - d) / options.temperature;
    case index::Metric::l2: return -d * d / 2 / options.temperature;
    case index::Metric::inner_product: break;
  }
  return -d / options.temperature;
}

/// The class that most of the nearest `k` vote for.
int winner(std::span<const index::Neighbor> nearest, std::span<const int> labels,
           const KnnOptions& options, bool weighted) {
  std::map<int, double> votes;
  const double most = exponent(nearest.front().distance, options);
  for (const auto& neighbor : nearest) {
    votes[labels[static_cast<std::size_t>(neighbor.id)]] +=
        weighted ? std::exp(exponent(neighbor.distance, options) - most) : 1;
  }
  const auto best = std::ranges::max_element(
      votes, [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->first;
}

void check(MatrixView rows, std::span<const int> labels, const KnnOptions& options) {
  if (labels.size() != rows.rows) {
    refuse(std::to_string(labels.size()) + " labels are given for " + std::to_string(rows.rows) +
           " rows; give one for each");
  }
  if (options.k.empty() || std::ranges::min(options.k) == 0) {
    refuse("k of a k-NN vote must be 1 or more, and there must be one");
  }
  if (!(options.temperature > 0)) {
    refuse("the temperature of a k-NN vote is " + std::to_string(options.temperature) +
           "; it must be above 0");
  }
}

}  // namespace

Knn classify_by_neighbors(MatrixView rows, std::span<const int> labels, const Split& split,
                          const KnnOptions& options, const Watcher& watcher) {
  check(rows, labels, options);
  Knn found;
  const auto train = labelled(split.train, labels, found.unlabelled);
  const auto test = labelled(split.test, labels, found.unlabelled);
  if (train.empty() || test.empty()) refuse("a k-NN vote needs labelled rows in train and test");
  std::size_t most = 0;
  for (const std::size_t k : options.k) {
    if (k > train.size()) {
      found.left_out.push_back(k);
      continue;
    }
    most = std::max(most, k);
    for (const bool weighted : {false, true}) {
      KnnVote& vote = found.votes.emplace_back();
      vote.k = k;
      vote.weighted = weighted;
      vote.predicted.resize(test.size());
    }
  }
  if (found.votes.empty())
    refuse("train has " + std::to_string(train.size()) + " rows; ask for a k of at most as many");
  std::vector<int> of_train;
  for (const std::uint32_t row : train) of_train.push_back(labels[row]);
  for_nearest(rows_at(rows, test), rows_at(rows, train),
              {.metric = options.metric, .k = most, .threads = options.threads}, watcher,
              [&](std::size_t query, std::span<const index::Neighbor> nearest) {
                for (KnnVote& vote : found.votes) {
                  vote.predicted[query] =
                      winner(nearest.first(vote.k), of_train, options, vote.weighted);
                }
              });
  for (KnnVote& vote : found.votes) {
    std::vector<double> right;
    for (std::size_t i = 0; i < test.size(); ++i) {
      right.push_back(vote.predicted[i] == labels[test[i]] ? 1 : 0);
    }
    vote.accuracy = mean_of((vote.weighted ? "knn-weighted@" : "knn@") + std::to_string(vote.k),
                            test, std::move(right));
  }
  return found;
}

}  // namespace alike::measure
