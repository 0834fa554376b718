// `attribute_predictability` (SAP) of disentanglement.h.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "alike/base/parallel.h"
#include "alike/measure/factors/factor_check.h"

namespace alike::measure {
namespace {

constexpr double kCost = 0.01;  // C
constexpr int kSteps = 100;     // of Newton, at most; a dozen do

/// weight · code + bias: above 0 for the one class, below for the others.
struct Line {
  double weight = 0, bias = 0;
};

/// ½(w² + b²) + Σ c_i max(0, 1 − y_i(w x_i + b))², with its slope and curvature.
struct Objective {
  double value = 0, dw = 0, db = 0, ww = 1, wb = 0, bb = 1;
};

/// The rows of a problem of one code.
struct Problem {
  std::vector<double> codes;
  std::vector<char> ones;  // is it of the one class?
  double cost_of_one = 0, cost_of_rest = 0;
};

Objective objective_at(const Problem& problem, const Line& line) {
  Objective at{(line.weight * line.weight + line.bias * line.bias) / 2, line.weight, line.bias};
  for (std::size_t i = 0; i < problem.codes.size(); ++i) {
    const bool one = problem.ones[i] != 0;
    const double y = one ? 1 : -1, x = problem.codes[i];
    const double short_of = 1 - y * (line.weight * x + line.bias);
    if (short_of <= 0) continue;
    const double cost = one ? problem.cost_of_one : problem.cost_of_rest;
    at.value += cost * short_of * short_of;
    at.dw -= 2 * cost * short_of * y * x;
    at.db -= 2 * cost * short_of * y;
    at.ww += 2 * cost * x * x;
    at.wb += 2 * cost * x;
    at.bb += 2 * cost;
  }
  return at;
}

/// The longest of the steps of 1, ½, ¼, … of `way` that makes the objective enough smaller; false
/// where none does.
bool advance(const Problem& problem, const Line& way, double slope, Line& line, Objective& at) {
  for (double length = 1; length > 1e-9; length /= 2) {
    const Line next{line.weight + length * way.weight, line.bias + length * way.bias};
    const Objective there = objective_at(problem, next);
    if (there.value > at.value + 1e-4 * length * slope) continue;
    line = next;
    at = there;
    return true;
  }
  return false;
}

/// The one minimum: strictly convex and quadratic by pieces, so that Newton's method ends.
Line fit(const Problem& problem) {
  Line line;
  Objective at = objective_at(problem, line);
  for (int step = 0; step < kSteps; ++step) {
    const double determinant = at.ww * at.bb - at.wb * at.wb;
    const Line way{(at.wb * at.db - at.bb * at.dw) / determinant,
                   (at.wb * at.dw - at.ww * at.db) / determinant};
    const double slope = way.weight * at.dw + way.bias * at.db;
    if (!(slope < -1e-14 * (1 + at.value)) || !advance(problem, way, slope, line, at)) break;
  }
  return line;
}

/// One line for each value of a factor that has rows, against the rest; the weights of classes as
/// scikit-learn's LinearSVC(class_weight="balanced") hands them to liblinear, which weighs the one
/// class only where there are more than two.
class ValueLines {
 public:
  ValueLines(const std::vector<double>& codes, const std::vector<int>& values, std::size_t count) {
    std::vector<double> sizes(count);
    for (const int value : values) ++sizes[static_cast<std::size_t>(value)];
    for (std::size_t v = 0; v < count; ++v) {
      if (sizes[v] > 0) values_.push_back(static_cast<int>(v));
    }
    if (values_.size() < 2) return;
    const auto balance = [&](int value) {
      return static_cast<double>(values.size()) /
             (static_cast<double>(values_.size()) * sizes[static_cast<std::size_t>(value)]);
    };
    const bool two = values_.size() == 2;
    for (std::size_t v = two ? 1 : 0; v < values_.size(); ++v) {
      Problem problem{codes, std::vector<char>(values.size()), kCost * balance(values_[v]),
                      two ? kCost * balance(values_[0]) : kCost};
      for (std::size_t i = 0; i < values.size(); ++i) problem.ones[i] = values[i] == values_[v];
      lines_.push_back(fit(problem));
    }
  }

  int tell(double code) const {
    const auto side = [&](const Line& line) { return line.weight * code + line.bias; };
    if (lines_.empty()) return values_[0];
    if (lines_.size() == 1) return values_[side(lines_[0]) > 0 ? 1 : 0];
    std::size_t best = 0;
    for (std::size_t v = 1; v < lines_.size(); ++v) {
      if (side(lines_[v]) > side(lines_[best])) best = v;
    }
    return values_[best];
  }

 private:
  std::vector<int> values_;
  std::vector<Line> lines_;
};

std::vector<double> codes_at(MatrixView codes, std::size_t dim,
                             const std::vector<std::uint32_t>& places) {
  std::vector<double> values;
  for (const std::uint32_t place : places) values.push_back(codes.row(place)[dim]);
  return values;
}

}  // namespace

double attribute_predictability(MatrixView codes, const FactorTable& factors,
                                const DisentanglementOptions& options) {
  check_options(options);
  check_codes(codes, factors);
  const Split split = factor_split(codes.rows, options);
  const auto counts = value_counts(factors);
  std::vector<double> right(counts.size() * codes.width);
  parallel_for(codes.width, 4, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t d = begin; d < end; ++d) {
      const auto train = codes_at(codes, d, split.train), test = codes_at(codes, d, split.test);
      for (std::size_t f = 0; f < counts.size(); ++f) {
        const ValueLines lines(train, values_at(factors, f, split.train), counts[f]);
        const auto truth = values_at(factors, f, split.test);
        double hits = 0;
        for (std::size_t i = 0; i < test.size(); ++i)
          hits += lines.tell(test[i]) == truth[i] ? 1 : 0;
        right[f * codes.width + d] = hits / static_cast<double>(test.size());
      }
    }
  });
  return mean_gap(right, codes.width, std::vector<double>(counts.size(), 1.0));
}

}  // namespace alike::measure
