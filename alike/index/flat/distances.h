// Exact distances of queries to rows, measured the same way by every kind of index.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/index/kernels/kernels.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// Throws `invalid_argument` for k = 0, queries of another width than `width`, or numbers that are
/// not finite.
void check_search(MatrixView queries, std::size_t width, const SearchOptions& options);

/// 1 / the length of a row with the product `norm` with itself; 0 for a row of zeros.
float scale_of(float norm);

/// Some queries of one metric. `measure` may run on several threads, each with its own `Scratch`.
class Distances {
 public:
  /// The state of one thread between calls.
  struct Scratch {
    std::vector<float> distances;  ///< (rows)
    std::vector<float> scales;     ///< (rows) 1 / length; clear it when other rows come.
  };

  /// Keeps the view; cosine keeps a copy with rows of length 1.
  Distances(Metric metric, MatrixView queries);

  Metric metric() const { return metric_; }
  /// The queries as they are measured.
  MatrixView queries() const { return unit_.rows() > 0 ? unit_.view() : queries_; }
  /// Sets `scratch.distances` to those of query `q` to `count` rows. A pair's number does not
  /// depend on the other pairs of the call. Near copies are told apart: distances below 1e-4 under
  /// cosine, and lengths whose squares are no floats, are measured in double.
  void measure(std::size_t q, const float* rows, std::size_t count, Scratch& scratch) const;
  /// The same for rows of half precision: to the last bit that of the floats which they are.
  void measure(std::size_t q, const Half* rows, std::size_t count, Scratch& scratch) const;

 private:
  template <class Number>
  void measure_rows(std::size_t q, const Number* rows, std::size_t count, Scratch& scratch) const;

  Metric metric_;
  MatrixView queries_;
  Matrix unit_;
};

}  // namespace alike::index
