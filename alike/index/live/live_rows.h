// The rows of a `LiveIndex` at one moment.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// Blocks shared with the moments before and after; changed ones are copied. Immutable once
/// searched.
class LiveRows final : public RowSource {
 public:
  /// Where a row is.
  struct Place {
    std::size_t block = 0;
    std::size_t row = 0;  ///< In the block.
  };

  explicit LiveRows(std::size_t width) : width_(width) {}

  std::size_t width() const override { return width_; }
  std::size_t block_count() const override { return blocks_.size(); }
  std::size_t block_rows(std::size_t i) const override { return blocks_[i].values->rows(); }
  RowBlock block(std::size_t i) const override;

  std::uint64_t rows() const { return rows_; }  ///< Dead ones too.
  std::uint64_t dead() const { return dead_; }

  /// Appends rows (n, width) behind all others; blocks from `first_open` on may still grow. Returns
  /// their places (n).
  std::vector<Place> append(std::span<const std::int64_t> ids, MatrixView rows,
                            std::size_t first_open);
  /// Marks rows as dead; `places` in any order.
  void bury(std::span<const Place> places);
  /// Appends the rows of blocks [begin, end) of `other` that are not dead.
  void append_alive(const LiveRows& other, std::size_t begin, std::size_t end,
                    std::size_t first_open);

 private:
  struct Block {
    std::shared_ptr<const std::vector<std::int64_t>> ids;
    std::shared_ptr<const Matrix> values;
    std::shared_ptr<const std::vector<std::uint8_t>> dead;  // null: none
  };

  std::size_t width_;
  std::vector<Block> blocks_;
  std::uint64_t rows_ = 0;
  std::uint64_t dead_ = 0;
};

}  // namespace alike::index
