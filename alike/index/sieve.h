// Many queries at once: products tell which rows are certainly too far, for a fraction of the cost
// of their distances.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/index/distances.h"
#include "alike/index/kernels.h"

namespace alike::index {

/// Queries in panels of `kPanelQueries`, the last one filled up with zeros. A pair gets a value,
/// and a distance limit of a query a threshold: where the value is below the threshold, the
/// distance that `Distances` measures is above the limit, whatever the rounding. Where numbers are
/// too large or too small to say so, the value is not a number, which is below nothing. May be used
/// by several threads, each with its own `Scratch`.
class Sieve {
 public:
  /// What one thread keeps of some rows.
  struct Scratch {
    std::vector<float> factors, terms;  ///< (rows) value = product · factor + term.
    std::vector<float> values;          ///< (rows, kPanelQueries) of the last panel.
  };

  /// Keeps a copy of the first `count` queries.
  Sieve(const Distances& distances, std::size_t count);

  std::size_t panels() const { return panels_.rows(); }
  /// The threshold of query `q`; -infinity, which nothing is below, where all must be measured.
  float threshold(std::size_t q, float limit) const;
  /// Makes `scratch` ready for `values` of these rows.
  void weigh(const float* rows, std::size_t count, Scratch& scratch) const;
  /// Sets `scratch.values` to those of panel `p`.
  void values(std::size_t p, const float* rows, Scratch& scratch) const;

 private:
  Metric metric_;
  std::size_t width_;
  double share_;  // what rounding does to a sum of `width_` products, as a share of their sizes
  Matrix panels_;
  std::vector<double> norms_;  // of the queries
};

}  // namespace alike::index
