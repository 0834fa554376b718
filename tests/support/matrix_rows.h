// Rows in memory as an index reads them, in blocks of any size, with dead rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/rows/rows.h"

namespace alike::test {

/// Ids are 0, 1, 2, … unless given; `block_rows` rows per block.
class MatrixRows final : public index::RowSource {
 public:
  MatrixRows(Matrix rows, std::size_t block_rows)
      : rows_(std::move(rows)), block_rows_(block_rows) {
    ids_.resize(rows_.rows());
    std::iota(ids_.begin(), ids_.end(), 0);
    dead_.resize(rows_.rows());
  }

  std::vector<std::int64_t>& ids() { return ids_; }
  std::vector<std::uint8_t>& dead() { return dead_; }
  const Matrix& rows() const { return rows_; }

  std::size_t width() const override { return rows_.width(); }
  std::size_t block_count() const override {
    return (rows_.rows() + block_rows_ - 1) / block_rows_;
  }
  index::RowBlock block(std::size_t i) const override {
    const std::size_t begin = i * block_rows_;
    index::RowBlock block;
    block.ids = ids_.data() + begin;
    block.values = rows_.data() + begin * rows_.width();
    block.rows = std::min(block_rows_, rows_.rows() - begin);
    // Every other block says "none dead" by a null pointer where that is true.
    const bool some =
        std::accumulate(dead_.begin() + static_cast<std::ptrdiff_t>(begin),
                        dead_.begin() + static_cast<std::ptrdiff_t>(begin + block.rows), 0) != 0;
    if (some || i % 2 == 1) block.dead = dead_.data() + begin;
    return block;
  }

 private:
  Matrix rows_;
  std::size_t block_rows_;
  std::vector<std::int64_t> ids_;
  std::vector<std::uint8_t> dead_;
};

}  // namespace alike::test
