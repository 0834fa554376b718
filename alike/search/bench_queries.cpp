#include "alike/search/bench_queries.h"

#include <algorithm>

namespace alike::search {

BenchQueries bench_queries(const index::RowSource& source, std::uint64_t living,
                           std::size_t count) {
  BenchQueries queries{Matrix(count, source.width()), {}, {}};
  std::uint64_t alive = 0;
  index::Node node = 0;
  for (std::size_t b = 0; b < source.block_count(); ++b) {
    const index::RowBlock keys = source.keys(b);
    for (std::size_t r = 0; r < keys.rows; ++r, ++node) {
      if (keys.dead != nullptr && keys.dead[r] != 0) continue;
      const std::size_t i = queries.ids.size();
      if (i == count) return queries;
      if (alive++ != (3 * i + 1) * living / (3 * count)) continue;
      std::copy_n(source.values(b, r), source.width(), queries.rows.row(i).begin());
      queries.ids.push_back(keys.ids[r]);
      queries.nodes.push_back(node);
    }
  }
  return queries;
}

}  // namespace alike::search
