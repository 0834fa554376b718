#include "alike/measure/probe.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/measure/interval.h"
#include "alike/measure/learners/softmax_regression.h"

namespace alike::measure {
namespace {

/// Strengths in a row that tell fewer than a larger one did: the smaller ones, which take longest,
/// are not tried.
constexpr std::size_t kEnoughWorse = 2;
constexpr double kRoughly = 1e-4;  // tolerance of fits of which only the classes told are of use

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

void check(MatrixView rows, std::span<const int> labels, const Split& split,
           const ProbeOptions& options) {
  require_for_each_row(labels.size(), "labels", rows.rows);
  if (split.test.empty()) refuse("there are no test rows to judge a probe by");
  if (options.strengths.empty() || std::ranges::min(options.strengths) <= 0) {
    refuse("a strength of a probe must be above 0, and there must be one");
  }
}

/// The classes that some rows have, numbered without gaps.
class Classes {
 public:
  Classes(std::span<const int> labels, std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows) {
      if (labels[row] < 0) refuse("row " + std::to_string(row) + " to learn from has no label");
      names_.push_back(labels[row]);
    }
    std::ranges::sort(names_);
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
    if (names_.size() < 2) {
      refuse("the rows to learn from are all of one class; a probe needs two or more");
    }
  }
  std::size_t size() const { return names_.size(); }
  int name(int number) const { return names_[static_cast<std::size_t>(number)]; }
  std::vector<int> numbers(std::span<const int> labels, std::span<const std::uint32_t> rows) const {
    std::vector<int> numbers;
    for (const std::uint32_t row : rows) {
      const auto at = std::ranges::lower_bound(names_, labels[row]);
      numbers.push_back(static_cast<int>(at - names_.begin()));
    }
    return numbers;
  }

 private:
  std::vector<int> names_;
};

/// A probe that learns from `train`.
class Learner {
 public:
  Learner(MatrixView rows, std::span<const int> labels, std::vector<std::uint32_t> train,
          int threads)
      : rows_(rows),
        labels_(labels),
        threads_(threads),
        classes_(labels, train),
        standard_(standard_of(rows, train, threads)),
        packed_(rows, train, standard_, threads),
        regression_(packed_, classes_.numbers(labels, train), classes_.size(), threads) {}

  const Standard& standard() const { return standard_; }
  const SoftmaxRegression& regression() const { return regression_; }
  /// Labels of `which` as the classifier tells them.
  std::vector<int> tell(const LinearClassifier& classifier,
                        const std::vector<std::uint32_t>& which) const {
    auto told = predict(classifier, PackedRows(rows_, which, standard_, threads_), threads_);
    for (int& number : told) number = classes_.name(number);
    return told;
  }
  std::size_t right(const LinearClassifier& classifier,
                    const std::vector<std::uint32_t>& which) const {
    const auto told = tell(classifier, which);
    std::size_t count = 0;
    for (std::size_t i = 0; i < which.size(); ++i) count += told[i] == labels_[which[i]] ? 1U : 0U;
    return count;
  }

 private:
  MatrixView rows_;
  std::span<const int> labels_;
  int threads_;
  Classes classes_;
  Standard standard_;
  PackedRows packed_;
  SoftmaxRegression regression_;
};

std::vector<std::uint32_t> picked(const std::vector<std::uint32_t>& rows,
                                  const std::vector<std::uint32_t>& places) {
  std::vector<std::uint32_t> some;
  for (const std::uint32_t place : places) some.push_back(rows[place]);
  return some;
}

/// The strength with the best held-out accuracy; the middle one where no rows can be held out.
double chosen_strength(MatrixView rows, std::span<const int> labels, const Split& split,
                       const ProbeOptions& options, const Watcher& watcher) {
  std::vector<double> strengths = options.strengths;
  std::ranges::sort(strengths, std::ranges::greater());
  if (strengths.size() == 1) return strengths.front();
  std::vector<int> of_train;
  for (const std::uint32_t row : split.train) of_train.push_back(labels[row]);
  const Split inner = stratified_split(of_train, options.held_out, options.seed);
  const auto held_out = picked(split.train, inner.test);
  if (held_out.empty()) return strengths[strengths.size() / 2];
  const Learner learner(rows, labels, picked(split.train, inner.train), options.threads);
  double best = strengths.front();
  std::size_t most = 0, worse = 0;
  LinearClassifier last;
  for (const double strength : strengths) {
    last = learner.regression().fit(strength, last.values.empty() ? nullptr : &last, watcher,
                                    kRoughly);
    const std::size_t right = learner.right(last, held_out);
    worse = right < most ? worse + 1 : 0;
    if (worse == kEnoughWorse) break;
    if (right > most) {
      most = right;
      best = strength;
    }
  }
  return best;
}

Measure accuracy_of(std::string name, const std::vector<int>& told, std::span<const int> labels,
                    const std::vector<std::uint32_t>& rows) {
  std::vector<double> values;
  for (std::size_t i = 0; i < rows.size(); ++i)
    values.push_back(told[i] == labels[rows[i]] ? 1 : 0);
  return mean_of(std::move(name), rows, std::move(values));
}

/// A row of train moves the accuracy about as much as a row of the test does (Nadeau, Bengio,
/// Machine Learning 52, 2003: the variance is 1 + test rows / train rows times that of the test
/// alone).
void add_train(const Split& split, Measure& accuracy) {
  const double rows =
      static_cast<double>(split.test.size()) / static_cast<double>(split.train.size());
  accuracy.others = accuracy.rows;
  for (const double value : accuracy.values) {
    accuracy.effects.push_back((std::sqrt(1 + rows) - 1) * (value - accuracy.value));
  }
}

/// Which share of the rows of a class one draw of `count` has, on average over classes.
double share_drawn(const std::vector<std::uint32_t>& train, std::span<const int> labels,
                   std::size_t count) {
  std::map<int, std::size_t> sizes;
  for (const std::uint32_t row : train) ++sizes[labels[row]];
  double sum = 0;
  for (const auto& [label, size] : sizes) {
    sum += static_cast<double>(std::min(count, size)) / static_cast<double>(size);
  }
  return sum / static_cast<double>(sizes.size());
}

/// The part of the variance of a draw that comes of single test rows: what rows and draws together
/// leave (two ways, one answer each), as a mean over rows. `accuracy`: of rows over all draws.
double noise_of_draw(const Measure& accuracy, const std::vector<double>& of_draw) {
  const auto rows = static_cast<double>(accuracy.values.size());
  const auto draws = static_cast<double>(of_draw.size());
  if (rows < 2 || draws < 2) return 0;
  double left = rows * draws * accuracy.value * (1 + accuracy.value);
  for (const double value : accuracy.values) left -= draws * value * value;
  for (const double value : of_draw) left -= rows * value * value;
  return std::max(0.0, left) / ((rows - 1) * (draws - 1) * rows);
}

}  // namespace

Probe measure_probe(MatrixView rows, std::span<const int> labels, const Split& split,
                    const ProbeOptions& options, const Watcher& watcher) {
  check(rows, labels, split, options);
  Probe probe;
  probe.strength = chosen_strength(rows, labels, split, options, watcher);
  const Learner learner(rows, labels, split.train, options.threads);
  const LinearClassifier fitted = learner.regression().fit(probe.strength, nullptr, watcher);
  probe.predicted = learner.tell(fitted, split.test);
  probe.accuracy = accuracy_of("probe accuracy", probe.predicted, labels, split.test);
  add_train(split, probe.accuracy);
  probe.objective = fitted.objective;
  probe.converged = fitted.converged;
  probe.constant = learner.standard().constant;
  return probe;
}

Measure measure_few_shot(MatrixView rows, std::span<const int> labels, const Split& split,
                         std::size_t count, std::size_t draws, const ProbeOptions& options,
                         const Watcher& watcher) {
  check(rows, labels, split, options);
  if (count == 0 || draws == 0) refuse("a few-shot probe needs one row a class and one draw");
  std::vector<double> sums(split.test.size()), of_draw;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    const auto few = few_of_each(split.train, labels, count, options.seed + draw);
    const Learner learner(rows, labels, few, options.threads);
    of_draw.push_back(0);
    const auto told = learner.tell(
        learner.regression().fit(1 / static_cast<double>(few.size()), nullptr, watcher, kRoughly),
        split.test);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double right = told[i] == labels[split.test[i]] ? 1 : 0;
      sums[i] += right / static_cast<double>(draws);
      of_draw.back() += right / static_cast<double>(sums.size());
    }
  }
  Measure made =
      mean_of("probe accuracy, " + std::to_string(count) + " a class", split.test, std::move(sums));
  made.drawn = drawn_variance(of_draw, share_drawn(split.train, labels, count),
                              noise_of_draw(made, of_draw));
  made.drawn_freedom = draws - 1;
  return made;
}

}  // namespace alike::measure
