#include "alike/index/rows/rows.h"

#include <algorithm>

namespace alike::index {

std::uint64_t living_rows(const RowSource& source) {
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < source.block_count(); ++i) {
    const RowBlock block = source.keys(i);
    rows += block.rows;
    if (block.dead == nullptr) continue;
    rows -= static_cast<std::uint64_t>(
        std::count_if(block.dead, block.dead + block.rows, [](auto dead) { return dead != 0; }));
  }
  return rows;
}

}  // namespace alike::index
