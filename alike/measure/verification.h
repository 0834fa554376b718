// Measures of verification: are two pictures of one class? Pair by pair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/vector_index.h"
#include "alike/measure/interval.h"
#include "alike/measure/measure.h"

namespace alike::measure {

/// Two rows, and whether they are of one class.
struct RowPair {
  std::uint32_t a = 0, b = 0;
  bool same = false;
};

/// At most `count` pairs of one class and as many of two, drawn by `seed`, no pair
/// twice. Rows with a label below 0 are in none. Fewer where there are not so many.
std::vector<RowPair> draw_pairs(std::span<const int> labels, std::size_t count, std::uint64_t seed);

/// A point of the receiver operating characteristic: the shares accepted above a score.
struct RocPoint {
  double far = 0;  ///< False accept rate: of the pairs that are not the same.
  double tar = 0;  ///< True accept rate: of those that are.
  double threshold = 0;
};

/// From (0, 0) to (1, 1), a point for each score there is, falling; equal scores give one point.
/// Throws `invalid_argument` where there are no pairs of one of the kinds, other numbers of scores,
/// or a score that is not finite.
std::vector<RocPoint> roc_curve(std::span<const double> scores, std::span<const RowPair> pairs);

struct VerificationOptions {
  index::Metric metric = index::Metric::cosine;
  std::size_t folds = 10;  ///< At least 2; fewer where there are fewer pairs.
};

struct Verification {
  /// "roc auc"; "eer", the rate at which as many are wrongly accepted as refused; "tar@far=0.1",
  /// "…0.01", "…0.001"; "verification accuracy", with numbers of pairs in `rows`: a fold is
  /// judged by the threshold that is best for the others (Huang et al., LFW, 2007).
  std::vector<Measure> measures;
  /// (measures) of other rows: pairs that share a row vary together. Where the curve is read off at
  /// a share of false accepts, that share varies too, along the curve.
  std::vector<Interval> intervals;
  std::vector<RocPoint> roc;
};

/// Scores pairs by the cosine, the inner product or the distance taken negative. Throws as
/// `roc_curve`, and for a pair of rows that are not there.
Verification verify(MatrixView rows, std::span<const RowPair> pairs,
                    const VerificationOptions& options);

}  // namespace alike::measure
