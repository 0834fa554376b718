// A matrix as an index reads it, with ids 0, 1, 2, …
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/rows/rows.h"

namespace alike::bench {

/// Blocks of 256 KiB, as mapped files have them.
class RowsInMemory final : public index::RowSource {
 public:
  explicit RowsInMemory(Matrix rows)
      : rows_(std::move(rows)),
        ids_(rows_.rows()),
        per_block_(std::max<std::size_t>(1, (256 << 10) / (sizeof(float) * rows_.width()))) {
    std::iota(ids_.begin(), ids_.end(), 0);
  }
  MatrixView rows() const { return rows_; }
  std::size_t width() const override { return rows_.width(); }
  std::size_t block_count() const override { return (ids_.size() + per_block_ - 1) / per_block_; }
  index::RowBlock block(std::size_t i) const override {
    const std::size_t begin = i * per_block_;
    return {ids_.data() + begin, rows_.data() + begin * width(),
            std::min(per_block_, ids_.size() - begin), nullptr};
  }
  const float* values(std::size_t i, std::size_t r) const override {
    return rows_.data() + (i * per_block_ + r) * width();
  }

 private:
  Matrix rows_;
  std::vector<std::int64_t> ids_;
  std::size_t per_block_;
};

}  // namespace alike::bench
