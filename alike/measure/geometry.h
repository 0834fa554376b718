// Geometry of the rows of a space, with and without labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"

namespace alike::measure {

struct GeometryOptions {
  index::Metric metric = index::Metric::cosine;  ///< By which rows are compared.
  std::size_t sample = 10000;  ///< Rows measured, evenly spread, at most; at least 3.
  std::size_t pairs = 200000;  ///< Pairs drawn for means over pairs, at least 1.
  std::size_t neighbors = 10;  ///< k of hubness, at least 1.
  std::uint64_t seed = 1;
  int threads = 1;  ///< The result does not depend on it.
};

struct Geometry {
  /// In this order, those that rows, labels and metric allow; all finite. Rows are of length 1 for
  /// the cosine, and as they are for other metrics:
  ///
  /// | rankme        | exp(−Σ p ln p), p = σᵢ / Σσ + 10⁻⁷, σ the singular values of the rows, not
  ///                   scaled, for l2 less their mean (Garrido et al., arXiv:2210.02885, do not
  ///                   centre): how many directions are used. Compare it at equal width only |
  /// | uniformity    | cosine only: ln of the mean of exp(−2 |x − y|²) over pairs (Wang, Isola,
  ///                   ICML 2020); lower is more even |
  /// | alignment     | cosine only: mean |x − y|² over pairs of one class; lower is tighter |
  /// | class ratio   | mean distance within a class by that between classes |
  /// | anisotropy    | cosine only: mean cosine of pairs; 0 where directions are used evenly |
  /// | hubness       | skewness of how often a row is among the k nearest of others (Radovanovic,
  ///                   Nanopoulos, Ivanovic, JMLR 2010) |
  /// | orphans       | share of rows that are among the k nearest of none |
  /// | intrinsic dimension | of the distances of two nearest neighbours (Facco et al., Sci. Rep.
  /// 2017) |
  std::vector<Measure> measures;
  std::size_t rows = 0;               ///< Measured.
  std::vector<std::string> warnings;  ///< Signs of collapse, and measures left out.
};

/// Measures them. `labels` (rows) may be empty, and below 0 where unknown. Wide rows (more than
/// 4,096) have their singular values from at most as many rows. Throws `invalid_argument` for fewer
/// than 3 rows, other numbers of labels, and NaN or infinity (the row is named); `interrupted`.
Geometry measure_geometry(MatrixView rows, std::span<const int> labels,
                          const GeometryOptions& options, const Watcher& watcher = {});

}  // namespace alike::measure
