#include "alike/map/layout/placed_rows.h"

#include <utility>

namespace alike::map {

PlacedRows::PlacedRows(std::shared_ptr<const index::RowSource> source)
    : source_(std::move(source)), ids_(source_->block_count()) {
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const index::RowBlock block = source_->keys(i);
    ids_[i].assign(block.rows, -1);
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.dead != nullptr && block.dead[r] != 0) continue;
      ids_[i][r] = static_cast<std::int64_t>(living_.size());
      living_.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(r)});
    }
  }
}

}  // namespace alike::map
