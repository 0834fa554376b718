// Rows of numbers in blocks, in memory or on disk: the input of every index.
#pragma once

#include <cstddef>
#include <cstdint>

namespace alike::index {

/// A view of some rows of one collection (usually in a mapped file).
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
  /// Block `i` without its values (null): for callers that need few rows of it, or none.
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
  /// of a file that was cut short meanwhile. To be called once after reading a source to the end.
  virtual void check_whole() const {}
};

/// Rows of `source` that are not dead. Reads no values.
std::uint64_t living_rows(const RowSource& source);

}  // namespace alike::index
