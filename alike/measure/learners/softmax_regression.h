// Multinomial logistic regression: the classifier of a linear probe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/measure/learners/lbfgs.h"
#include "alike/measure/learners/packed_rows.h"
#include "alike/measure/learners/principal_components.h"

namespace alike::measure {

/// Scores of class c for a standardised row x: ⟨weights_c, x⟩ + bias_c.
struct LinearClassifier {
  std::size_t classes = 0, width = 0;
  std::vector<double>
      values;            ///< (classes · width) weights, class by class, then (classes) biases.
  double strength = 0;   ///< That it was fitted with.
  double objective = 0;  ///< The value reached.
  std::size_t evaluations = 0;  ///< Passes over the rows that it took.
  bool converged = false;
};

/// The class of the largest score for each of `rows`, the first of equal ones.
std::vector<int> predict(const LinearClassifier& classifier, const PackedRows& rows, int threads);

/// Fits classifiers to rows of known classes by minimising
///
///   1/n Σᵢ −log softmax(scores of row i)[its class]  +  strength/2 · |weights|²
///
/// over weights and biases: scikit-learn's LogisticRegression with C = 1 / (n · strength). L-BFGS,
/// preconditioned by the largest principal components of the rows, along which the function bends
/// most. The same bits for any number of threads.
class SoftmaxRegression {
 public:
  /// `labels` (rows), each below `classes` and not below 0. Keeps a reference to `rows`.
  SoftmaxRegression(const PackedRows& rows, std::vector<int> labels, std::size_t classes,
                    int threads);

  /// The function and its gradient at `values`, which are as those of a `LinearClassifier`.
  double evaluate(std::span<const double> values, double strength,
                  std::vector<double>& gradient) const;
  /// From `start`, or from zeros where it is null. `strength` is above 0; `tolerance` as in
  /// `LbfgsOptions`. Throws `interrupted`.
  LinearClassifier fit(double strength, const LinearClassifier* start = nullptr,
                       const Watcher& watcher = {},
                       double tolerance = LbfgsOptions().tolerance) const;

 private:
  struct Piece;
  void add_panel(std::size_t panel, const Matrix& weights, std::span<const double> biases,
                 Piece& piece) const;
  void precondition(double strength, std::vector<double>& vector) const;

  const PackedRows& rows_;
  std::vector<int> labels_;
  std::size_t classes_;
  int threads_;
  PrincipalComponents components_;
};

}  // namespace alike::measure
