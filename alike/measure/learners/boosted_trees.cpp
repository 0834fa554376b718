#include "alike/measure/learners/boosted_trees.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"

namespace alike::measure {

/// Grows trees on the residuals of one output.
class BoostedTrees::Grower {
 public:
  Grower(const BinnedColumns& columns, const BoostedTreesOptions& options, std::size_t outputs)
      : columns_(columns),
        options_(options),
        leaf_scale_(outputs == 1 ? 1.0
                                 : static_cast<double>(outputs - 1) / static_cast<double>(outputs)),
        order_(columns.rows()),
        sorted_(columns.rows()),
        spare_(columns.rows()),
        gains_(columns.columns()) {}

  /// A tree on `residuals` (rows) = one or zero less `chances`; adds its leaves to `raw` (rows).
  Tree grow(std::span<const double> residuals, std::span<const double> chances,
            std::span<double> raw) {
    residuals_ = residuals;
    chances_ = chances;
    raw_ = raw;
    std::iota(order_.begin(), order_.end(), 0U);
    Tree tree(1);
    split(tree, 0, 0, order_.size(), options_.depth);
    return tree;
  }
  /// (columns) squared error taken away so far.
  const std::vector<double>& gains() const { return gains_; }

 private:
  struct Bin {
    double sum = 0, count = 0;
  };
  struct Best {
    double gain = -std::numeric_limits<double>::infinity();
    std::size_t column = 0;
    std::size_t left = 0;  // the last bin left of the cut
  };

  void split(Tree& tree, std::size_t node, std::size_t begin, std::size_t end, int depth) {
    double sum = 0, squares = 0;
    for (std::size_t i = begin; i < end; ++i) {
      sorted_[i] = residuals_[order_[i]];
      sum += sorted_[i];
      squares += sorted_[i] * sorted_[i];
    }
    const auto rows = static_cast<double>(end - begin);
    const double mean = sum / rows;
    const double variance = squares / rows - mean * mean;
    Best best;
    if (depth > 0 && end - begin > 1 && variance > std::numeric_limits<double>::epsilon()) {
      best = best_split(begin, end, sum);
    }
    if (!std::isfinite(best.gain)) return close(tree[node], begin, end, sum);
    gains_[best.column] += best.gain - sum * mean;
    const std::size_t middle = part(best, begin, end);
    const std::size_t left = tree.size();
    tree[node] = {static_cast<int>(best.column), threshold(best, middle, end), left, 0};
    tree.resize(left + 2);
    split(tree, left, begin, middle, depth - 1);
    split(tree, left + 1, middle, end, depth - 1);
  }

  /// The cut that leaves the least squared error; the first of equal ones.
  Best best_split(std::size_t begin, std::size_t end, double sum) const {
    Best best;
    std::array<Bin, BinnedColumns::kMostBins> bins;
    for (std::size_t c = 0; c < columns_.columns(); ++c) {
      const std::size_t count = columns_.bins(c);
      if (count < 2) continue;
      std::fill_n(bins.begin(), count, Bin{});
      const auto column = columns_.column(c);
      for (std::size_t i = begin; i < end; ++i) {
        Bin& bin = bins[column[order_[i]]];
        bin.sum += sorted_[i];
        ++bin.count;
      }
      scan({bins.data(), count}, c, {sum, static_cast<double>(end - begin)}, best);
    }
    return best;
  }

  /// After a bin without rows all is as before it, so no cut is taken there.
  void scan(std::span<const Bin> bins, std::size_t column, const Bin& all, Best& best) const {
    Bin left;
    for (std::size_t b = 0; b + 1 < bins.size(); ++b) {
      left.sum += bins[b].sum;
      left.count += bins[b].count;
      const Bin right{all.sum - left.sum, all.count - left.count};
      const double gain = left.sum * left.sum / left.count + right.sum * right.sum / right.count;
      if (gain > best.gain && left.count > 0 && right.count > 0) best = {gain, column, b};
    }
  }

  /// The middle of the values beside the cut; the rows from `middle` on are right of it.
  double threshold(const Best& best, std::size_t middle, std::size_t end) const {
    const auto column = columns_.column(best.column);
    std::size_t right = columns_.bins(best.column);
    for (std::size_t i = middle; i < end; ++i) {
      right = std::min<std::size_t>(right, column[order_[i]]);
    }
    const double low = columns_.high(best.column, best.left);
    const double high = columns_.low(best.column, right);
    return low / 2 + high / 2;
  }

  /// Puts the rows left of the cut in front, in their order; returns where the others begin.
  std::size_t part(const Best& best, std::size_t begin, std::size_t end) {
    const auto column = columns_.column(best.column);
    std::size_t left = begin, right = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (column[order_[i]] <= best.left) {
        order_[left++] = order_[i];
      } else {
        spare_[right++] = order_[i];
      }
    }
    std::copy_n(spare_.begin(), right, order_.begin() + static_cast<std::ptrdiff_t>(left));
    return left;
  }

  /// A leaf: one Newton step on the log-loss of its rows.
  void close(Node& leaf, std::size_t begin, std::size_t end, double sum) {
    double curvature = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const double chance = chances_[order_[i]];
      curvature += chance * (1 - chance);
    }
    leaf.value = std::abs(curvature) < 1e-150 ? 0 : leaf_scale_ * sum / curvature;
    for (std::size_t i = begin; i < end; ++i) {
      raw_[order_[i]] += options_.learning_rate * leaf.value;
    }
  }

  const BinnedColumns& columns_;
  const BoostedTreesOptions& options_;
  double leaf_scale_;
  std::span<const double> residuals_, chances_;
  std::span<double> raw_;
  std::vector<std::uint32_t> order_;  // rows, those of a node beside each other
  std::vector<double> sorted_;        // residuals in that order
  std::vector<std::uint32_t> spare_;
  std::vector<double> gains_;
};

namespace {

/// Chances of each output of each row (rows, outputs) from the raw values.
void softmax(std::span<const std::vector<double>> raw, std::vector<std::vector<double>>& chances) {
  const std::size_t outputs = raw.size();
  for (std::size_t i = 0; i < raw[0].size(); ++i) {
    if (outputs == 1) {
      chances[0][i] = 1 / (1 + exponential(-raw[0][i]));
      continue;
    }
    double most = raw[0][i], sum = 0;
    for (const auto& of : raw) most = std::max(most, of[i]);
    for (std::size_t k = 0; k < outputs; ++k) {
      sum += chances[k][i] = exponential(raw[k][i] - most);
    }
    for (std::size_t k = 0; k < outputs; ++k) chances[k][i] /= sum;
  }
}

}  // namespace

BoostedTrees::BoostedTrees(const BinnedColumns& columns, std::span<const int> classes,
                           std::size_t count, const BoostedTreesOptions& options,
                           const std::stop_token& stop)
    : importance_(columns.columns()), learning_rate_(options.learning_rate) {
  const auto rows = static_cast<double>(classes.size());
  std::vector<double> sizes(count);
  for (const int of_row : classes) ++sizes[static_cast<std::size_t>(of_row)];
  for (std::size_t k = 0; k < count; ++k) {
    if (sizes[k] > 0) classes_.push_back(static_cast<int>(k));
  }
  if (classes_.size() < 2) return;
  // Two classes need one output, of the second.
  std::vector<int> outputs(classes_.begin() + (classes_.size() == 2 ? 1 : 0), classes_.end());
  for (const int of : outputs) {
    const double share = sizes[static_cast<std::size_t>(of)] / rows;
    start_.push_back(logarithm(outputs.size() == 1 ? share / (1 - share) : share));
  }
  trees_.resize(outputs.size());
  std::vector<std::vector<double>> raw,
      chances(outputs.size(), std::vector<double>(classes.size()));
  for (const double start : start_) raw.emplace_back(classes.size(), start);
  std::vector<double> residuals(classes.size());
  Grower grower(columns, options, outputs.size());
  for (std::size_t round = 0; round < options.rounds; ++round) {
    if (stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped while learning boosted trees");
    }
    softmax(raw, chances);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      for (std::size_t i = 0; i < classes.size(); ++i) {
        residuals[i] = (classes[i] == outputs[k] ? 1 : 0) - chances[k][i];
      }
      trees_[k].push_back(grower.grow(residuals, chances[k], raw[k]));
    }
  }
  const double all = std::accumulate(grower.gains().begin(), grower.gains().end(), 0.0);
  for (std::size_t c = 0; c < importance_.size() && all > 0; ++c) {
    importance_[c] = grower.gains()[c] / all;
  }
}

double BoostedTrees::raw(std::span<const float> row, std::size_t output) const {
  double value = start_[output];
  for (const Tree& tree : trees_[output]) {
    const Node* node = tree.data();
    while (node->column >= 0) {
      const double number = row[static_cast<std::size_t>(node->column)];
      node = &tree[node->left + (number <= node->threshold ? 0 : 1)];
    }
    value += learning_rate_ * node->value;
  }
  return value;
}

int BoostedTrees::classify(std::span<const float> row) const {
  if (trees_.empty()) return classes_[0];
  if (trees_.size() == 1) return classes_[raw(row, 0) > 0 ? 1 : 0];
  std::size_t best = 0;
  double most = raw(row, 0);
  for (std::size_t k = 1; k < trees_.size(); ++k) {
    const double value = raw(row, k);
    if (value > most) {
      most = value;
      best = k;
    }
  }
  return classes_[best];
}

}  // namespace alike::measure
