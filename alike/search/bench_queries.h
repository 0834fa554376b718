// The rows of a space that a bench takes as queries.
#pragma once

#include <cstdint>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/rows/adjacency.h"
#include "alike/index/rows/rows.h"

namespace alike::search {

/// Rows of a source as queries.
struct BenchQueries {
  Matrix rows;
  std::vector<std::int64_t> ids;
  std::vector<index::Node> nodes;  ///< Their numbers in the source, dead rows counted.
};

/// `count` of the `living` rows of `source` (at least as many), spread evenly; always the same
/// ones. They lie a third into each of as many parts, and so are none of those that
/// `index::measure_recall` chooses beams by, the middles of 200 parts: a graph would look better
/// than it is on these. (Of about 1,000 rows or fewer some are, which a graph answers by a scan.)
BenchQueries bench_queries(const index::RowSource& source, std::uint64_t living, std::size_t count);

}  // namespace alike::search
