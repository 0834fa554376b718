#include "alike/index/sampled_rows.h"

#include <utility>

namespace alike::index {

SampledRows::SampledRows(std::shared_ptr<const RowSource> source, std::size_t count)
    : source_(std::move(source)), count_(count) {}

std::size_t SampledRows::width() const { return source_->width(); }

std::size_t SampledRows::block_count() const { return source_->block_count() > 0 ? count_ : 0; }

RowBlock SampledRows::block(std::size_t i) const {
  // The middle of part i of count_ equal parts of all blocks, in units of 1 / (2 · count_) block.
  const std::size_t units = 2 * count_;
  const std::size_t position = (2 * i + 1) * source_->block_count();
  const RowBlock all = source_->block(position / units);
  if (all.rows == 0) return all;
  const std::size_t r = position % units * all.rows / units;
  return {all.ids + r, all.values + r * width(), 1, all.dead == nullptr ? nullptr : all.dead + r};
}

}  // namespace alike::index
