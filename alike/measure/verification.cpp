#include "alike/measure/verification.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::measure {
namespace {

constexpr std::size_t kTries = 20;  // for each pair requested

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

double score(std::span<const float> a, std::span<const float> b, index::Metric metric) {
  double ab = 0, aa = 0, bb = 0, apart = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += double{a[i]} * double{b[i]};
    aa += double{a[i]} * double{a[i]};
    bb += double{b[i]} * double{b[i]};
    apart += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
  }
  switch (metric) {
    case index::Metric::l2: return -std::sqrt(apart);
    case index::Metric::cosine: return aa == 0 || bb == 0 ? 0 : ab / std::sqrt(aa * bb);
    case index::Metric::inner_product: break;
  }
  return ab;
}

double area(const std::vector<RocPoint>& roc) {
  double sum = 0;
  for (std::size_t i = 1; i < roc.size(); ++i) {
    sum += (roc[i].far - roc[i - 1].far) * (roc[i].tar + roc[i - 1].tar) / 2;
  }
  return sum;
}

/// Where the curve crosses 1 − tar = far, between the two points about it.
double equal_error(const std::vector<RocPoint>& roc) {
  for (std::size_t i = 1; i < roc.size(); ++i) {
    const double before = 1 - roc[i - 1].tar - roc[i - 1].far, after = 1 - roc[i].tar - roc[i].far;
    if (after > 0) continue;
    const double part = before - after > 0 ? before / (before - after) : 0;
    return roc[i - 1].far + part * (roc[i].far - roc[i - 1].far);
  }
  return 1;
}

double accepted_at(const std::vector<RocPoint>& roc, double far) {
  double most = 0;
  for (const RocPoint& point : roc) {
    if (point.far <= far) most = std::max(most, point.tar);
  }
  return most;
}

constexpr std::array<double, 3> kFalseAccepts = {0.1, 0.01, 0.001};

/// The measures of a curve: roc auc, eer, tar@far of each of `kFalseAccepts`.
std::vector<double> read_off(const std::vector<RocPoint>& roc) {
  std::vector<double> values{area(roc), equal_error(roc)};
  for (const double far : kFalseAccepts) values.push_back(accepted_at(roc, far));
  return values;
}

/// The variance of a sum over pairs whose share in it is `parts`: pairs with a row in common do not
/// vary apart (Fafchamps, Gubert, J. Development Economics 83, 2007).
double paired_variance(std::span<const RowPair> pairs, std::span<const double> parts) {
  std::uint32_t last = 0;
  for (const RowPair& pair : pairs) last = std::max({last, pair.a, pair.b});
  std::vector<double> of_row(last + std::size_t{1});
  double alone = 0, together = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    of_row[pairs[i].a] += parts[i];
    of_row[pairs[i].b] += parts[i];
    alone += parts[i] * parts[i];
  }
  for (const double sum : of_row) together += sum * sum;
  // Each pair is in the sums of both of its rows.
  return std::max(alone, together - alone);
}

/// The intervals of the values of `read_off`.
class CurveIntervals {
 public:
  CurveIntervals(const std::vector<RocPoint>& roc, std::span<const double> scores,
                 std::span<const RowPair> pairs)
      : roc_(roc), pairs_(pairs), parts_(pairs.size()) {
    for (const double score : scores) {
      const auto at = std::ranges::lower_bound(roc.begin() + 1, roc.end(), score,
                                               std::ranges::greater(), &RocPoint::threshold);
      places_.push_back(static_cast<std::size_t>(at - roc.begin()));
    }
    same_ = static_cast<double>(std::ranges::count_if(pairs, &RowPair::same));
    other_ = static_cast<double>(pairs.size()) - same_;
  }

  std::vector<Interval> of(const std::vector<double>& values) {
    std::vector<Interval> all{of_area(values[0]), of_equal_error(values[1])};
    for (std::size_t f = 0; f < kFalseAccepts.size(); ++f) {
      all.push_back(of_accepted(values[2 + f], kFalseAccepts[f]));
    }
    return all;
  }

 private:
  /// Of `value`, to which each pair of its kind gives an equal share of what is in `parts_`.
  Interval interval(double value) {
    for (std::size_t i = 0; i < pairs_.size(); ++i) parts_[i] /= pairs_[i].same ? same_ : other_;
    return share_interval(value, paired_variance(pairs_, parts_), std::min(same_, other_));
  }

  Interval of_area(double area) {
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const RocPoint &at = roc_[places_[i]], &before = roc_[places_[i] - 1];
      parts_[i] =
          (pairs_[i].same ? 1 - (at.far + before.far) / 2 : (at.tar + before.tar) / 2) - area;
    }
    return interval(area);
  }

  /// How much the share accepted of the same rises with that of others, about `far`, over as much
  /// as `far` may be off.
  double slope(double far, std::size_t last) {
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      parts_[i] = pairs_[i].same ? 0 : ((places_[i] <= last ? 1 : 0) - far) / other_;
    }
    const double reach = std::max(2 * std::sqrt(paired_variance(pairs_, parts_)), 2 / other_);
    const double low = std::max(0.0, far - reach), high = std::min(1.0, far + reach);
    return (accepted_at(roc_, high) - accepted_at(roc_, low)) / (high - low);
  }

  Interval of_accepted(double tar, double far) {
    std::size_t last = 0;  // point of the curve that is read off
    while (last + 1 < roc_.size() && roc_[last + 1].far <= far) ++last;
    const double steep = slope(roc_[last].far, last);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double accepted = places_[i] <= last ? 1 : 0;
      parts_[i] = pairs_[i].same ? accepted - tar : -steep * (accepted - roc_[last].far);
    }
    return interval(tar);
  }

  Interval of_equal_error(double error) {
    std::size_t last = 0;
    while (last + 1 < roc_.size() && roc_[last].far + roc_[last].tar < 1) ++last;
    const double far = roc_[last].far, steep = slope(far, last);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double accepted = places_[i] <= last ? 1 : 0;
      parts_[i] =
          (pairs_[i].same ? roc_[last].tar - accepted : steep * (accepted - far)) / (1 + steep);
    }
    return interval(error);
  }

  const std::vector<RocPoint>& roc_;
  std::span<const RowPair> pairs_;
  std::vector<double> parts_;        // of the pairs in what is judged
  std::vector<std::size_t> places_;  // (pairs) points of the curve from which they are accepted
  double same_ = 0, other_ = 0;
};

/// Of shares of pairs that are judged right.
Interval accuracy_interval(const Measure& accuracy, std::span<const RowPair> pairs) {
  const auto count = static_cast<double>(pairs.size());
  std::vector<double> parts;
  for (const double value : accuracy.values) parts.push_back((value - accuracy.value) / count);
  return share_interval(accuracy.value, paired_variance(pairs, parts), count);
}

/// The threshold that judges most pairs right which are not in fold `fold`.
double best_threshold(std::span<const double> scores, std::span<const RowPair> pairs,
                      const std::vector<std::size_t>& falling, std::size_t folds,
                      std::size_t fold) {
  std::ptrdiff_t right = 0, most = 0;  // beyond those of refusing all
  double best = scores[falling.front()] + 1;
  for (std::size_t i = 0; i < falling.size(); ++i) {
    const std::size_t pair = falling[i];
    if (pair % folds != fold) right += pairs[pair].same ? 1 : -1;
    const bool last_of_equal = i + 1 == falling.size() || scores[falling[i + 1]] != scores[pair];
    if (last_of_equal && right > most) most = right, best = scores[pair];
  }
  return best;
}

std::vector<std::size_t> by_falling_score(std::span<const double> scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return scores[i]; });
  return order;
}

Measure fold_accuracy(std::span<const double> scores, std::span<const RowPair> pairs,
                      std::size_t folds) {
  const auto falling = by_falling_score(scores);
  folds = std::min(folds, pairs.size());
  std::vector<double> values(pairs.size());
  for (std::size_t fold = 0; fold < folds; ++fold) {
    const double threshold = best_threshold(scores, pairs, falling, folds, fold);
    for (std::size_t i = fold; i < pairs.size(); i += folds) {
      values[i] = (scores[i] >= threshold) == pairs[i].same ? 1 : 0;
    }
  }
  std::vector<std::uint32_t> numbers(pairs.size());
  std::iota(numbers.begin(), numbers.end(), 0U);
  return mean_of("verification accuracy", std::move(numbers), std::move(values));
}

}  // namespace

std::vector<RowPair> draw_pairs(std::span<const int> labels, std::size_t count,
                                std::uint64_t seed) {
  std::vector<std::uint32_t> rows;
  std::vector<std::vector<std::uint32_t>> members;  // of the classes that rows are drawn from
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    rows.push_back(i);
    members.resize(std::max(members.size(), static_cast<std::size_t>(labels[i]) + 1));
    members[static_cast<std::size_t>(labels[i])].push_back(i);
  }
  std::vector<RowPair> pairs;
  if (rows.size() < 2) return pairs;
  Random random(seed);
  std::set<std::pair<std::uint32_t, std::uint32_t>> drawn;
  std::size_t left[] = {count, count};  // of other and of the same class
  for (std::size_t tries = 0; tries < 2 * kTries * count && left[0] + left[1] > 0; ++tries) {
    const bool same = tries % 2 == 0;
    if (left[same ? 1 : 0] == 0) continue;
    const std::uint32_t one = rows[random.below(rows.size())];
    const auto& others = same ? members[static_cast<std::size_t>(labels[one])] : rows;
    const std::uint32_t other = others[random.below(others.size())];
    if (one == other || (labels[one] == labels[other]) != same) continue;
    if (!drawn.emplace(std::min(one, other), std::max(one, other)).second) continue;
    --left[same ? 1 : 0];
    pairs.push_back({one, other, same});
  }
  return pairs;
}

std::vector<RocPoint> roc_curve(std::span<const double> scores, std::span<const RowPair> pairs) {
  const auto same = static_cast<double>(std::ranges::count_if(pairs, &RowPair::same));
  const double other = static_cast<double>(pairs.size()) - same;
  if (scores.size() != pairs.size() || same == 0 || other == 0) {
    refuse(std::to_string(pairs.size()) + " pairs, " + std::to_string(static_cast<int>(same)) +
           " of them of one class, with " + std::to_string(scores.size()) +
           " scores; there must be both kinds and a score for each");
  }
  if (!std::ranges::all_of(scores, [](double value) { return std::isfinite(value); })) {
    refuse("a score of a pair is not a finite number");
  }
  std::vector<RocPoint> roc{{0, 0, std::ranges::max(scores) + 1}};
  double false_accepts = 0, true_accepts = 0;
  const auto falling = by_falling_score(scores);
  for (std::size_t i = 0; i < falling.size(); ++i) {
    (pairs[falling[i]].same ? true_accepts : false_accepts) += 1;
    if (i + 1 < falling.size() && scores[falling[i + 1]] == scores[falling[i]]) continue;
    roc.push_back({false_accepts / other, true_accepts / same, scores[falling[i]]});
  }
  return roc;
}

Verification verify(MatrixView rows, std::span<const RowPair> pairs,
                    const VerificationOptions& options) {
  if (options.folds < 2)
    refuse("folds is " + std::to_string(options.folds) + "; it must be 2 or more");
  std::vector<double> scores;
  for (const RowPair& pair : pairs) {
    if (std::max(pair.a, pair.b) >= rows.rows) {
      refuse("a pair has row " + std::to_string(std::max(pair.a, pair.b)) + "; there are " +
             std::to_string(rows.rows));
    }
    scores.push_back(score(rows.row(pair.a), rows.row(pair.b), options.metric));
  }
  Verification found;
  found.roc = roc_curve(scores, pairs);
  std::vector<std::string> names{"roc auc", "eer"};
  for (const double far : kFalseAccepts) {
    char name[32];
    std::snprintf(name, sizeof name, "tar@far=%g", far);
    names.emplace_back(name);
  }
  const auto values = read_off(found.roc);
  for (std::size_t m = 0; m < names.size(); ++m) {
    found.measures.push_back({names[m], values[m], {}, {}});
  }
  found.intervals = CurveIntervals(found.roc, scores, pairs).of(values);
  found.measures.push_back(fold_accuracy(scores, pairs, options.folds));
  found.intervals.push_back(accuracy_interval(found.measures.back(), pairs));
  return found;
}

}  // namespace alike::measure
