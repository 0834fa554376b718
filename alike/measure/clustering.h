// Agreement of clusters, found without labels, with the labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"

namespace alike::measure {

/// Agreement of two partitions of the same rows. All are the same where the two change places, but
/// for accuracy and purity.
struct Agreement {
  double nmi = 0;        ///< 2 I / (H + H), [0, 1]: normalised by the arithmetic mean.
  double ami = 0;        ///< NMI adjusted for chance (Vinh, Epps, Bailey, JMLR 2010), at most 1.
  double ari = 0;        ///< Rand index adjusted for chance (Hubert, Arabie 1985), at most 1.
  double accuracy = 0;   ///< Share of rows in the cluster that is matched to their class, each to
                         ///< one at most, at best (the Hungarian method).
  double purity = 0;     ///< Share of rows that are of the commonest class of their cluster: the
                         ///< worth of clusters as labels.
  std::size_t rows = 0;  ///< That count: those with a cluster and a label of 0 or more.
};

/// As scikit-learn's normalized_mutual_info_score, adjusted_mutual_info_score and
/// adjusted_rand_score. `clusters` and `labels` (rows). Throws `invalid_argument` for other numbers
/// of them, and where no row counts.
Agreement agreement(std::span<const int> clusters, std::span<const int> labels);

struct ClusteringOptions {
  /// Cosine: rows of length 1 are clustered, as in papers; l2: rows less their mean, which k-means
  /// does not see; inner product: rows as they are.
  index::Metric metric = index::Metric::cosine;
  std::vector<std::uint64_t> seeds = {1, 2, 3};  ///< One clustering each.
  int threads = 1;                               ///< The result does not depend on it.
};

/// k-means with as many clusters as there are classes, judged by the labels: "nmi", "ami", "ari",
/// "clustering accuracy", "purity", each the mean over the seeds. Rows with a label below 0 are
/// clustered, but do not count. Throws `invalid_argument` as `agreement` and `k_means`, and for
/// fewer than two classes; `interrupted`.
std::vector<Measure> measure_clusters(MatrixView rows, std::span<const int> labels,
                                      const ClusteringOptions& options,
                                      const Watcher& watcher = {});

}  // namespace alike::measure
