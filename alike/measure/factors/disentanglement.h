// Measures of disentanglement: does each number of a row answer for one cause? For sets with known
// factors; as Google's disentanglement_lib (Locatello et al. 2019) computes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/measure/factors/factors.h"
#include "alike/measure/measure.h"

namespace alike::measure {

struct DisentanglementOptions {
  /// Share of the rows that DCI and SAP are tested on, drawn at random; (0, 1).
  double test_share = 1.0 / 3;
  std::size_t trees = 100;          ///< Rounds of boosting of DCI, at least 1.
  std::size_t bins = 20;            ///< Of MIG, for each dimension, at least 2.
  std::size_t batch = 64;           ///< Rows that agree in a factor, at least 2.
  std::size_t train_votes = 10000;  ///< Batches that FactorVAE and Beta-VAE learn from.
  std::size_t test_votes = 5000;    ///< Batches that they are tested on.
  std::uint64_t seed = 1;           ///< Of the split and of the batches.
  int threads = 1;                  ///< The result does not depend on it.
};

/// "DCI" (Eastwood & Williams, ICLR 2018). From a classifier of boosted trees for each factor
/// (boosted_trees.h; splits among 4,096 values of a dimension, 256 where there are more than 64
/// dims) comes the importance of each dimension for it, R (dims, factors).
/// Disentanglement: the mean over dimensions of 1 − H(row of R)/ln factors, weighed by their share
/// of R. Completeness: the same over columns, by ln dims. Informativeness: share of test rows with
/// the factor predicted correctly, mean of factors. All in [0, 1], 1 is best.
struct Dci {
  double disentanglement = 0, completeness = 0;
  Measure informativeness;         ///< By test row: the share of its factors predicted correctly.
  std::vector<double> importance;  ///< (dims, factors), each column sums to 1 or is 0.
};

/// The rows, their factors, and those that cannot be judged.
struct Disentanglement {
  Dci dci;
  double mig = 0;
  double sap = 0;
  double factor_vae = 0;
  double beta_vae = 0;
  std::vector<std::string> factors;           ///< That were judged.
  std::vector<std::string> constant_factors;  ///< Left out: one value only.
  std::size_t constant_dims = 0;              ///< Of the codes; they tell nothing.

  /// "dci disentanglement", "dci completeness", "dci informativeness", "mig", "sap", "factorvae",
  /// "betavae".
  std::vector<Measure> measures() const;
};

/// All of them, of `codes` (n, dims) made from the rows of `factors`. Factors of one value are left
/// out and named. Throws `invalid_argument`, naming the fault: other numbers of rows,
/// NaN or infinity, fewer than 2 factors or dims, no fewer factors than rows, codes that are all
/// the same, a value of a factor that has but one row; `interrupted`.
Disentanglement disentanglement(MatrixView codes, const FactorTable& factors,
                                const DisentanglementOptions& options = {},
                                const Watcher& watcher = {});

// Each alone; the same conditions, but a constant factor is an error.

Dci dci(MatrixView codes, const FactorTable& factors, const DisentanglementOptions& options = {},
        const Watcher& watcher = {});

/// "Mutual information gap" (Chen et al., NeurIPS 2018): for each factor, how much more the best
/// dimension tells of it than the second best, in shares of its entropy; the mean. Each dimension
/// is cut into `bins` pieces of equal width. [0, 1].
double mutual_information_gap(MatrixView codes, const FactorTable& factors, std::size_t bins = 20);

/// "SAP" (Kumar et al., ICLR 2018): for each factor, how much better the best dimension alone tells
/// it than the second best; the mean. Told by a linear support vector machine for each value
/// against the rest (squared hinge, C = 0.01, classes weighed alike), share of test rows right, as
/// the library does for discrete factors. [0, 1].
double attribute_predictability(MatrixView codes, const FactorTable& factors,
                                const DisentanglementOptions& options = {});

/// The score of FactorVAE (Kim & Mnih, ICML 2018): of batches that agree in one factor, the
/// dimension that varies least against its variance over all rows votes for it; the share of votes
/// for the factor that the dimension mostly votes for, on batches not learnt from. Batches are
/// drawn with replacement among the rows given. Chance is 1/factors.
double factor_vae_score(MatrixView codes, const FactorTable& factors,
                        const DisentanglementOptions& options = {});

/// The score of Beta-VAE (Higgins et al., ICLR 2017): of batches of pairs that agree in one factor,
/// the mean absolute difference of a pair, from which a linear classifier tells the factor; the
/// share told right on batches not learnt from. Chance is 1/factors.
double beta_vae_score(MatrixView codes, const FactorTable& factors,
                      const DisentanglementOptions& options = {}, const Watcher& watcher = {});

}  // namespace alike::measure
