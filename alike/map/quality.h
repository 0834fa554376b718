// How far a map is to be trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "alike/base/progress.h"
#include "alike/index/flat.h"
#include "alike/map/neighbors.h"

namespace alike::map {

/// How the figures are computed.
struct QualityOptions {
  std::size_t k = 15;         ///< Neighbours that they are about; lowered to (rows − 1) / 2.
  std::size_t sample = 1000;  ///< Rows judged where there are more than 5,000; else all are.
  std::uint64_t seed = 42;    ///< Draws the sample and the triplets.
  int threads = 1;            ///< The result does not depend on it.
};

/// All in [0, 1], larger is better; 1 where nothing can be wrong.
struct Quality {
  /// Are neighbours on the map neighbours, and are neighbours neighbours on the map: 1 less the
  /// ranks of those that are not, beyond k, by the largest these can be (Venna and Kaski, ICANN
  /// 2001). Over the sample, with ranks among all rows.
  double trustworthiness = 1, continuity = 1;
  double neighbors_kept = 1;  ///< Mean of `trust`.
  double triplets = 1;  ///< Share of random triplets whose nearer pair is nearer on the map, too.
  /// (rows) Share of the k nearest on the map that are among the k nearest rows of the table.
  std::vector<float> trust;
  std::size_t k = 0;       ///< Used; 0 for fewer than 3 rows, of which nothing can be said.
  std::size_t sample = 0;  ///< Rows that were judged.
};

/// Judges `points` (rows, 2) as a map of the living rows of `rows`, in their order; `neighbors` are
/// theirs. Reads the rows once for some 200 million distances. Rounding of the processor may change
/// the last digits. Throws `invalid_argument` for points or a table of another number of rows,
/// points that are not finite and k = 0; `interrupted`.
Quality quality(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                MatrixView points, const Neighbors& neighbors, const QualityOptions& options = {},
                const Watcher& watcher = {});

/// How well a map keeps labels apart. Nothing where fewer than two labels are known.
struct LabelQuality {
  std::optional<double> space;  ///< Share of labels that their k nearest rows vote for, [0, 1].
  std::optional<double> map;    ///< The same by the k nearest points.
  std::optional<double> silhouette;  ///< Of the labels' points, simplified, [−1, 1].
};

/// `labels` (rows), below 0 where unknown: such rows neither vote nor count. A tie goes to the
/// nearest of the labels in it. The simplified silhouette is that of distances to the mean points
/// of the labels (Hruschka, de Castro, Campello, ICDM 2004); a label's only point counts 0. Throws
/// `invalid_argument` for labels, points and a table that do not fit together, and for k = 0.
LabelQuality label_quality(std::span<const int> labels, const Neighbors& neighbors,
                           MatrixView points, std::size_t k = 15, int threads = 1);

}  // namespace alike::map
