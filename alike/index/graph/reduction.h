// Rows → their principal components, one byte each: the graph walks on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/rows/aligned.h"
#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// A query, or a row in the place of one, as it meets reduced rows.
struct ReducedQuery {
  AlignedBytes values;    ///< (stride) signed; 0 where a reduced row keeps its factors.
  std::int32_t bias = 0;  ///< The part of a product due to the offset of the rows' bytes.
  float scale = 0;        ///< Twice the value of a 1 in `values`.
  float square = 0;       ///< |query|² as the estimate counts it.
  float beyond = 0;       ///< Times the length that a row's components leave out: twice the
                          ///< assumed product of the two rests.
  float slack = 0;        ///< Times that length: the possible product of the rests beyond that.
};

/// A row x of a metric, less a centre, is split into y, its projection on the first principal
/// components, and the length e of the rest. y is kept as bytes of one scale a row, and
///
///   |x − q|² ≈ |y_x − y_q|² + e_x² + e_q² − 2 ρ e_x e_q
///
/// where ρ is the cosine between the two rests: 1 gives a lower bound, which graphs are linked by.
/// Between a query and the rows near it ρ was 0.1 on average and hardly ever above 0.5, which
/// queries take. For inner products e is what makes all rows equally long and queries have none,
/// so that the nearest by |x − q|² are those of the largest product (Bachrach et al., RecSys 2014).
/// Cosine is l2 between rows of length 1. Immutable; safe from several threads.
class Reduction {
 public:
  /// Bytes of the factors at the end of a reduced row.
  static constexpr std::size_t kFactorBytes = 3 * sizeof(float);

  /// Components by subspace iteration (Halko, Martinsson, Tropp 2011) on an even sample of the rows
  /// that are there, at most as many as it has; `stride` is the bytes of a reduced row, a multiple
  /// of `kByteAlign`. Rows that fit into it are not projected. The same for any number of threads.
  static Reduction fit(const RowSource& rows, Metric metric, std::size_t stride, int threads);

  /// Its parts.
  struct Parts {
    Metric metric = Metric::cosine;
    std::size_t stride = 0;      ///< Bytes of a reduced row.
    std::size_t dimensions = 0;  ///< Components kept.
    double explained = 1;        ///< Share of the variance of the sample that they keep, (0, 1].
    double longest = 0;          ///< Inner product: squared length that all rows are made up to.
    std::vector<float> center;   ///< (width)
    /// In panels, as `pack_panels` makes them; empty: the numbers are taken as they are.
    std::vector<float> components;
  };
  /// Takes parts that fit together.
  explicit Reduction(Parts parts) : parts_(std::move(parts)) {}
  const Parts& parts() const { return parts_; }

  Metric metric() const { return parts_.metric; }
  std::size_t width() const { return parts_.center.size(); }
  std::size_t stride() const { return parts_.stride; }

  /// Writes `count` reduced rows (count, stride) to `out`.
  void encode(const float* rows, std::size_t count, std::uint8_t* out) const;
  /// Queries as `Distances::queries` holds them; many at once cost less each.
  std::vector<ReducedQuery> queries(MatrixView queries) const;
  /// The reduced row at `row` as a query.
  void as_query(const std::uint8_t* row, ReducedQuery& query) const;
  /// The estimate from `product`, which `i8_dot` gives for the two. Never negative. A lower bound
  /// but for rounding where the query comes from `as_query`.
  float distance(const ReducedQuery& query, const std::uint8_t* row, std::int32_t product) const {
    const auto* factors = reinterpret_cast<const float*>(row + parts_.stride - kFactorBytes);
    const float known = query.square + factors[1] - query.beyond * factors[2];
    const float squared =
        known - query.scale * factors[0] * static_cast<float>(product - query.bias);
    return squared > 0 ? squared : 0;
  }

  /// The least that the squared distance behind an estimate can be, but for rounding.
  float least(float distance, const ReducedQuery& query, const std::uint8_t* row) const {
    const auto* factors = reinterpret_cast<const float*>(row + parts_.stride - kFactorBytes);
    return distance - query.slack * factors[2];
  }

  /// Four deviations of the error of rounding to bytes in the distance of the two: along their
  /// difference it is that of one number of each.
  static float rounding(const ReducedQuery& query, float row_scale) {
    return 1.16F * (query.scale / 2 + row_scale);
  }
  /// The value of a 1 in the reduced row at `row`.
  float scale_of(const std::uint8_t* row) const {
    return reinterpret_cast<const float*>(row + parts_.stride - kFactorBytes)[0];
  }

 private:
  struct Projected;
  Projected project(MatrixView rows, bool are_queries) const;

  Parts parts_;
};

}  // namespace alike::index
