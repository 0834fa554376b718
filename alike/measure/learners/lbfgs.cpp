#include "alike/measure/learners/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <utility>

#include "alike/base/error.h"

namespace alike::measure {
namespace {

constexpr double kEnoughDrop = 1e-4;    // of the drop that the slope promises
constexpr double kEnoughSlope = 0.9;    // of the first slope that may be left
constexpr std::size_t kMostTries = 30;  // of one step
constexpr std::size_t kFewSteps = 3;
constexpr double kSmall = 0.1;  // values below it are told apart as if they were it

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void add(std::vector<double>& to, double times, std::span<const double> what) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += times * what[i];
}

/// A step that was taken, and its change of the gradient.
struct Step {
  std::vector<double> moved, turned;
  double product;
};

class Search {
 public:
  Search(const Slope& slope, const Precondition& precondition, const LbfgsOptions& options)
      : slope_(slope), precondition_(precondition), options_(options) {}

  Minimum run(std::vector<double> start, const Watcher& watcher) {
    at_.point = std::move(start);
    at_.value = evaluate(at_.point, gradient_);
    while (at_.evaluations < options_.most_evaluations) {
      if (watcher.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "stopped while learning; nothing is kept");
      }
      std::vector<double> way = direction();
      const double along = dot(way, gradient_);
      // The length of the way is unknown before some steps.
      const bool known = steps_.size() >= std::min(kFewSteps, options_.history) || along == 0;
      at_.converged = known && -along / 2 <= options_.tolerance * std::max(at_.value, kSmall);
      if (at_.converged || !go(way, along)) break;
    }
    return std::move(at_);
  }

 private:
  double evaluate(std::span<const double> point, std::vector<double>& gradient) {
    ++at_.evaluations;
    return slope_(point, gradient);
  }

  /// The two loops of L-BFGS.
  std::vector<double> direction() const {
    std::vector<double> way = gradient_;
    std::vector<double> shares(steps_.size());
    for (std::size_t i = steps_.size(); i-- > 0;) {
      shares[i] = dot(steps_[i].moved, way) / steps_[i].product;
      add(way, -shares[i], steps_[i].turned);
    }
    precondition_(way);
    for (double& value : way) value *= scale_;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const double back = dot(steps_[i].turned, way) / steps_[i].product;
      add(way, shares[i] - back, steps_[i].moved);
    }
    for (double& value : way) value = -value;
    return way;
  }

  /// Goes along `way` to a point that is lower and less steep. False where none was found.
  bool go(const std::vector<double>& way, double along) {
    double low = 0, high = std::numeric_limits<double>::infinity(), length = 1;
    std::vector<double> point, gradient(way.size());
    for (std::size_t tries = 0; tries < kMostTries; ++tries) {
      point = at_.point;
      add(point, length, way);
      const double value = evaluate(point, gradient);
      if (!(value <= at_.value + kEnoughDrop * length * along)) {
        high = length;
      } else if (dot(gradient, way) < kEnoughSlope * along) {
        low = length;
      } else {
        keep(std::move(point), value, std::move(gradient));
        return true;
      }
      length = std::isinf(high) ? 2 * length : (low + high) / 2;
    }
    return false;
  }

  void keep(std::vector<double> point, double value, std::vector<double> gradient) {
    Step step{point, gradient, 0};
    add(step.moved, -1, at_.point);
    add(step.turned, -1, gradient_);
    step.product = dot(step.moved, step.turned);
    at_.point = std::move(point);
    at_.value = value;
    gradient_ = std::move(gradient);
    std::vector<double> turned = step.turned;
    precondition_(turned);
    const double length = dot(step.turned, turned);
    if (!(step.product > 0 && length > 0)) return;
    scale_ = step.product / length;
    steps_.push_back(std::move(step));
    if (steps_.size() > options_.history) steps_.pop_front();
  }

  const Slope& slope_;
  const Precondition& precondition_;
  const LbfgsOptions& options_;
  Minimum at_;
  std::vector<double> gradient_;
  std::deque<Step> steps_;
  double scale_ = 1;
};

}  // namespace

Minimum minimize(const Slope& slope, std::vector<double> start, const Precondition& precondition,
                 const LbfgsOptions& options, const Watcher& watcher) {
  return Search(slope, precondition, options).run(std::move(start), watcher);
}

}  // namespace alike::measure
