#include "alike/measure/knn.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/measure/gallery_effects.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

std::vector<std::uint32_t> labeled(std::span<const std::uint32_t> places,
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

/// How votes count.
struct Voting {
  index::Metric metric;
  double temperature;  // of similarities to rows whose mean square is 1

  Voting(const KnnOptions& options, MatrixView train)
      : metric(options.metric), temperature(options.temperature) {
    if (metric == index::Metric::cosine) return;
    const double square = mean_square(train, metric == index::Metric::l2);
    if (square > 0) temperature *= square;
  }
  /// ln of the weight up to a common constant: s / T.
  double exponent(float distance) const {
    const double d = distance;
    return (metric == index::Metric::l2 ? -d * d / 2 : -d) / temperature;
  }
};

/// The votes of the nearest k rows of one query.
class Ballot {
 public:
  /// `nearest` may hold one more than vote, who moves up where another is taken away.
  Ballot(std::span<const index::Neighbor> nearest, std::size_t k, std::span<const int> labels,
         const Voting& voting, bool weighted)
      : k_(k) {
    const double most = voting.exponent(nearest.front().distance);
    for (const auto& neighbor : nearest.first(std::min(k + 1, nearest.size()))) {
      classes_.push_back(labels[static_cast<std::size_t>(neighbor.id)]);
      weights_.push_back(weighted ? std::exp(voting.exponent(neighbor.distance) - most) : 1);
    }
    for (std::size_t i = 0; i < k; ++i) votes_[classes_[i]] += weights_[i];
  }

  /// The class that most vote for.
  int winner() const { return winner_of(votes_); }
  /// The same without voter `i`.
  int winner_without(std::size_t i) const {
    auto votes = votes_;
    votes[classes_[i]] -= weights_[i];
    if (k_ < classes_.size()) votes[classes_[k_]] += weights_[k_];
    return winner_of(votes);
  }
  /// Whether voter `i` and the next together could turn the vote.
  bool may_turn(std::size_t i) const {
    const int first = winner();
    double second = 0;
    for (const auto& [label, sum] : votes_) {
      if (label != first) second = std::max(second, sum);
    }
    const double lost = classes_[i] == first ? weights_[i] : 0;
    const double won = k_ < classes_.size() ? weights_[k_] : 0;
    return votes_.at(first) - lost <= second + won + 1e-9 * votes_.at(first);
  }

 private:
  static int winner_of(const std::map<int, double>& votes) {
    const auto best = std::ranges::max_element(
        votes, [](const auto& a, const auto& b) { return a.second < b.second; });
    return best->first;
  }

  std::size_t k_;
  std::vector<int> classes_;     // of the voters, and of the next
  std::vector<double> weights_;  // theirs
  std::map<int, double> votes_;
};

/// How much lower it is to have predicted a query of class `truth` without each voter of train.
std::vector<GalleryEffect> vote_effects(const Ballot& ballot,
                                        std::span<const index::Neighbor> nearest, int truth,
                                        const std::vector<std::uint32_t>& train) {
  std::vector<GalleryEffect> effects;
  const bool right = ballot.winner() == truth;
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    if (!ballot.may_turn(i)) continue;
    const bool still = ballot.winner_without(i) == truth;
    if (right == still) continue;
    effects.push_back({train[static_cast<std::size_t>(nearest[i].id)], false, right ? 1.0 : -1.0});
  }
  return effects;
}

void check(MatrixView rows, std::span<const int> labels, const KnnOptions& options) {
  require_for_each_row(labels.size(), "labels", rows.rows);
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
  const auto train = labeled(split.train, labels, found.unlabeled);
  const auto test = labeled(split.test, labels, found.unlabeled);
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
  GalleryEffects effects(train, test, found.votes.size());
  const Matrix learnt = rows_at(rows, train);
  const Voting voting(options, learnt);
  for_nearest(rows_at(rows, test), learnt,
              {.metric = options.metric, .k = most + 1, .threads = options.threads}, watcher,
              [&](std::size_t query, std::span<const index::Neighbor> nearest) {
                for (std::size_t v = 0; v < found.votes.size(); ++v) {
                  KnnVote& vote = found.votes[v];
                  const Ballot ballot(nearest, vote.k, of_train, voting, vote.weighted);
                  vote.predicted[query] = ballot.winner();
                  if (!effects.takes(query)) continue;
                  effects.add(
                      query, v,
                      vote_effects(ballot, nearest.first(vote.k), labels[test[query]], train), 0);
                }
              });
  for (std::size_t v = 0; v < found.votes.size(); ++v) {
    KnnVote& vote = found.votes[v];
    std::vector<double> right;
    for (std::size_t i = 0; i < test.size(); ++i) {
      right.push_back(vote.predicted[i] == labels[test[i]] ? 1 : 0);
    }
    vote.accuracy = mean_of((vote.weighted ? "knn-weighted@" : "knn@") + std::to_string(vote.k),
                            test, std::move(right));
    effects.finish(v, {}, vote.accuracy);
  }
  return found;
}

}  // namespace alike::measure
