// A matrix as an index reads it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "alike/index/rows/rows.h"

namespace alike::measure {

/// The rows of a view under the ids 0, 1, 2, …, in blocks of 256 KiB. Keeps no copy.
class MatrixSource final : public index::RowSource {
 public:
  explicit MatrixSource(MatrixView rows)
      : rows_(rows),
        ids_(rows.rows),
        per_block_(std::max<std::size_t>(1, (256 << 10) / (sizeof(float) * (rows.width + 1)))) {
    std::iota(ids_.begin(), ids_.end(), 0);
  }

  std::size_t width() const override { return rows_.width; }
  std::size_t block_count() const override { return (rows_.rows + per_block_ - 1) / per_block_; }
  std::size_t block_rows(std::size_t i) const override {
    return std::min(per_block_, rows_.rows - i * per_block_);
  }
  index::RowBlock block(std::size_t i) const override {
    const std::size_t begin = i * per_block_;
    return {ids_.data() + begin, rows_.data + begin * rows_.width, block_rows(i), nullptr};
  }

 private:
  MatrixView rows_;
  std::vector<std::int64_t> ids_;
  std::size_t per_block_;
};

}  // namespace alike::measure
