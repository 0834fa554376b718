#include "alike/index/rows/sampled_rows.h"

#include <utility>

namespace alike::index {

SampledRows::SampledRows(std::shared_ptr<const RowSource> source, std::size_t count)
    : source_(std::move(source)) {
  for (std::size_t b = 0; b < source_->block_count(); ++b) source_rows_ += source_->block_rows(b);
  if (source_rows_ == 0) return;
  std::uint64_t before = 0;  // rows in the blocks before `block`
  std::size_t block = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t wanted = (2 * i + 1) * source_rows_ / (2 * count);  // middle of part i
    while (before + source_->block_rows(block) <= wanted) before += source_->block_rows(block++);
    places_.push_back({block, static_cast<std::size_t>(wanted - before)});
  }
}

std::size_t SampledRows::width() const { return source_->width(); }

std::size_t SampledRows::block_count() const { return places_.size(); }

std::size_t SampledRows::block_rows(std::size_t) const { return 1; }

RowBlock SampledRows::block(std::size_t i) const {
  const auto [block, r] = places_[i];
  const RowBlock all = source_->keys(block);
  return {all.ids + r, source_->values(block, r), 1, all.dead == nullptr ? nullptr : all.dead + r};
}

}  // namespace alike::index
