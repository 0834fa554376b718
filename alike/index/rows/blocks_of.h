// Some blocks of another source, in an order of their own.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "alike/index/rows/rows.h"

namespace alike::index {

/// Blocks `blocks` of `source`, without a copy.
class BlocksOf final : public RowSource {
 public:
  BlocksOf(std::shared_ptr<const RowSource> source, std::vector<std::size_t> blocks)
      : source_(std::move(source)), blocks_(std::move(blocks)) {}

  std::size_t width() const override { return source_->width(); }
  std::size_t block_count() const override { return blocks_.size(); }
  std::size_t block_rows(std::size_t i) const override { return source_->block_rows(blocks_[i]); }
  RowBlock block(std::size_t i) const override { return source_->block(blocks_[i]); }
  RowBlock keys(std::size_t i) const override { return source_->keys(blocks_[i]); }
  const float* values(std::size_t i, std::size_t r) const override {
    return source_->values(blocks_[i], r);
  }
  void check_whole() const override { source_->check_whole(); }

 private:
  std::shared_ptr<const RowSource> source_;
  std::vector<std::size_t> blocks_;
};

}  // namespace alike::index
