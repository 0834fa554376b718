// Exhaustive search: every row is read, the answer is exact. The truth others are tested against.
#pragma once

#include <memory>

#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// Exact search over a `RowSource`. Keeps no copy. For cosine the rows need not have length 1; a
/// row or a query of zeros is at distance 1 from everything. A distance too large for a float is
/// infinite and comes last. An exception of `RowSource::block` ends the search and is passed on.
class Flat final : public VectorIndex {
 public:
  /// Searches `source` as it is at each call.
  Flat(std::shared_ptr<const RowSource> source, Metric metric);

  std::size_t width() const override;
  std::uint64_t size() const override;
  SearchResult search(std::span<const float> query, const SearchOptions& options) const override;
  std::vector<SearchResult> search_batch(MatrixView queries,
                                         const SearchOptions& options) const override;

 private:
  std::shared_ptr<const RowSource> source_;
  Metric metric_;
};

}  // namespace alike::index
