// The relevance line: the distance beyond which a neighbour is an unrelated picture.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "alike/index/flat/flat.h"
#include "alike/index/rows/sampled_rows.h"

namespace alike::search {

/// The relevance line of one query. The method and its measured error rates are in
/// docs/relevance.md.
struct RelevanceLine {
  float distance = 0;  ///< Results at most this far are relevant.
  bool known = false;  ///< False where there are too few rows to say, and for inner products.
};

/// Fewer rows than this are too few to know the distances of unrelated pictures.
inline constexpr std::uint64_t kRelevanceRows = 20;

/// The data of a line. Distances are as the metric gives them.
struct Background {
  std::uint64_t rows = 0;        ///< In the space: the more unrelated, the nearer the nearest.
  double typical = 0;            ///< Median distance of two rows of the space.
  std::vector<float> distances;  ///< From the query to an even sample of the rows, ascending.
};

/// The line for a query with this background; `known` is false for fewer than `kRelevanceRows`
/// rows.
RelevanceLine relevance_line(const Background& background, index::Metric metric);

/// The background of queries on one space, from 256 rows spread evenly over it, for any index
/// and filter of a search. Safe from several threads.
class Strangers {
 public:
  Strangers(std::shared_ptr<const index::RowSource> rows, index::Metric metric);
  /// `wanted` leaves out the query itself where it is a row.
  Background background(std::span<const float> query, const index::Filter& wanted) const;

 private:
  std::shared_ptr<const index::SampledRows> sample_;
  index::Flat flat_;
  double typical_ = 0;
};

}  // namespace alike::search
