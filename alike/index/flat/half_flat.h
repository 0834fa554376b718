// Exhaustive search of rows that are kept in half precision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/index/flat/flat.h"
#include "alike/index/kernels/kernels.h"
#include "alike/index/rows/aligned.h"

namespace alike::index {

/// The nearest number of half precision, ties to even; infinite from 65,520 on.
Half half_of(float value);

/// Rows in memory as IEEE 754 binary16: half the memory of `Flat` over float32 rows, and one query
/// takes little more than half the time. Answers are exact for the rows as they are kept, each
/// number within 2⁻¹² of its size (2⁻²⁵ where it is below 2⁻¹⁴) of the one given.
class HalfFlat final : public VectorIndex {
 public:
  /// Copies the rows of `source` that are not dead. Throws `invalid_argument`, with the id, for a
  /// row with a number that half precision does not have (65,520 or more in size).
  HalfFlat(const RowSource& source, Metric metric);

  std::size_t width() const override { return width_; }
  std::uint64_t size() const override { return ids_.size(); }
  SearchResult search(std::span<const float> query, const SearchOptions& options) const override;
  std::vector<SearchResult> search_batch(MatrixView queries,
                                         const SearchOptions& options) const override;

 private:
  class Widened;
  class Pass;

  Metric metric_;
  std::size_t width_;
  std::size_t block_rows_;
  std::vector<std::int64_t> ids_;
  std::vector<Half, CacheLineAllocator<Half>> values_;  // (rows, width)
};

}  // namespace alike::index
