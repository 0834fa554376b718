// Linear probe: the accuracy of a linear classifier on frozen features.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/measure/measure.h"
#include "alike/measure/split.h"

namespace alike::measure {

struct ProbeOptions {
  /// L2 strengths to choose from, each above 0 (see `SoftmaxRegression`).
  std::vector<double> strengths = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
  double held_out = 0.2;   ///< Share of each class of train that chooses, (0, 1).
  std::uint64_t seed = 1;  ///< Of the held-out rows, and of the draws of few-shot probes.
  int threads = 1;         ///< The result does not depend on it.
};

struct Probe {
  Measure accuracy;            ///< "probe accuracy": 1 for each test row predicted correctly.
  std::vector<int> predicted;  ///< (test rows)
  double strength = 0;         ///< That was chosen.
  double objective = 0;        ///< Of the last fit, on all of train.
  std::size_t constant = 0;    ///< Columns that are the same in all of train, and are not used.
  bool converged = false;
};

/// Multinomial logistic regression on rows standardised by the train rows. The strength is the one
/// with the best accuracy on held-out train rows, the largest of equal ones, tried from the
/// largest until accuracy drops twice in a row; the last fit is on all of train. `labels` (rows),
/// below 0 where not known; rows of a class that train does not have count as wrong. Throws
/// `invalid_argument` for fewer than two classes in train, no test rows, or NaN or infinity (the
/// row is named); `interrupted`.
Probe measure_probe(MatrixView rows, std::span<const int> labels, const Split& split,
                    const ProbeOptions& options, const Watcher& watcher = {});

/// A probe that learns from `count` rows of each class: "probe accuracy, `count` a class". Each
/// test row has the mean of `draws` draws. With C = 1, since there is nothing to hold out.
Measure measure_few_shot(MatrixView rows, std::span<const int> labels, const Split& split,
                         std::size_t count, std::size_t draws, const ProbeOptions& options,
                         const Watcher& watcher = {});

}  // namespace alike::measure
