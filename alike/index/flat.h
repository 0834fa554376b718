// Exhaustive search: every row is read, the answer is exact. The truth others are tested against.
#pragma once

#include <memory>

#include "alike/index/vector_index.h"

namespace alike::index {

/// Some rows of one collection, owned by somebody else (usually a mapped file).
struct RowBlock {
  const std::int64_t* ids = nullptr;  ///< (rows)
  const float* values = nullptr;      ///< (rows, width), compact, at least 4-byte aligned.
  std::size_t rows = 0;
  const std::uint8_t* dead = nullptr;  ///< (rows) non-zero = not there; may be null.
};

/// Where rows come from. Implementations are read from several threads at once.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Numbers in one row.
  virtual std::size_t width() const = 0;
  /// Blocks there are; their number does not change.
  virtual std::size_t block_count() const = 0;
  /// Rows in block `i`, dead ones too. Override it where that is known without reading the block.
  virtual std::size_t block_rows(std::size_t i) const { return block(i).rows; }
  /// Block `i`, checked: an implementation over files throws `corrupt` here for damaged bytes, so
  /// that none of them are ever ranked. Cheap when asked again. Blocks of about 256 KiB stay in
  /// cache between check and scan.
  virtual RowBlock block(std::size_t i) const = 0;
  /// Block `i` without its values (null): for who wants few rows of it, or none.
  virtual RowBlock keys(std::size_t i) const {
    RowBlock block = this->block(i);
    block.values = nullptr;
    return block;
  }
  /// The values of row `r` of block `i`, checked. Override it where that is cheaper than the block.
  virtual const float* values(std::size_t i, std::size_t r) const {
    return block(i).values + r * width();
  }
  /// Throws `corrupt` when bytes that were given out may not have been those that were checked, as
  /// of a file that was cut short meanwhile. Whoever has read a source to the end asks once.
  virtual void check_whole() const {}
};

/// Rows of `source` that are not dead. Reads no values.
std::uint64_t living_rows(const RowSource& source);

/// Exact search over a `RowSource`. Keeps no copy. For cosine the rows need not have length 1; a
/// row or a query of zeros is at distance 1 from everything. A distance too large for a float is
/// infinite and comes last. What `RowSource::block` throws ends the search and is passed on.
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
