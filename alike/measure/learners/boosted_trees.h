// A classifier of boosted trees, for its importance of columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "alike/measure/learners/binned_columns.h"

namespace alike::measure {

struct BoostedTreesOptions {
  std::size_t rounds = 100;    ///< Each adds one tree for each class (one in all for two classes).
  double learning_rate = 0.1;  ///< The weight of a tree.
  int depth = 3;               ///< Splits from the root to a leaf, at most; 1 or more.
};

/// Gradient boosting (Friedman, Annals of Statistics 2001) of regression trees on the log-loss,
/// with a Newton step in each leaf: equal to scikit-learn's GradientBoostingClassifier with its
/// defaults, except for the choice among equally good splits (there at random, here
/// the first) and for columns of more values than bins
/// (tests/measure/factors/reference_factors.py). No part of it is random.
class BoostedTrees {
 public:
  /// Learns `classes` (rows of `columns`), which are below `count`; a class without rows is never
  /// told. Throws `interrupted`.
  BoostedTrees(const BinnedColumns& columns, std::span<const int> classes, std::size_t count,
               const BoostedTreesOptions& options = {}, const std::stop_token& stop = {});

  /// (columns) how much of the squared error all splits at a column took away; sums to 1, or all 0
  /// where nothing was split.
  const std::vector<double>& importance() const { return importance_; }
  /// The likeliest class of a row.
  int classify(std::span<const float> row) const;

 private:
  struct Node {
    int column = -1;       // below 0: a leaf
    double threshold = 0;  // up to here to `left`, the rest to the node after it
    std::size_t left = 0;
    double value = 0;  // of a leaf
  };
  using Tree = std::vector<Node>;
  class Grower;

  double raw(std::span<const float> row, std::size_t output) const;

  std::vector<int> classes_;              // that have rows
  std::vector<double> start_;             // (outputs)
  std::vector<std::vector<Tree>> trees_;  // (outputs, rounds)
  std::vector<double> importance_;
  double learning_rate_;
};

}  // namespace alike::measure
