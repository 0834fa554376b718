#include "alike/map/neighbors.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/map/placed_rows.h"

namespace alike::map {
namespace {

constexpr std::size_t kQueries = 1024;  ///< Rows whose neighbours are looked for at once.

void check(const PlacedRows& rows, index::Metric metric, std::size_t k) {
  if (k == 0) throw Error(ErrorCode::invalid_argument, "neighbors is 0; it must be at least 1");
  if (metric == index::Metric::inner_product) {
    throw Error(ErrorCode::invalid_argument,
                "the metric of the rows is ip, which is no distance; a map needs cosine or l2");
  }
  if (rows.living() == 0) {
    throw Error(ErrorCode::invalid_argument, "there are no rows to make a map of");
  }
}

/// The living rows of a source, some at a time.
class RowReader {
 public:
  explicit RowReader(const PlacedRows& rows) : rows_(rows) {}

  /// The next rows, at most `count`.
  Matrix take(std::size_t count) {
    Matrix taken(std::min(count, rows_.living() - next_), rows_.width());
    for (std::size_t t = 0; t < taken.rows(); ++t, ++next_) copy_next(taken.row(t));
    return taken;
  }

 private:
  void copy_next(std::span<float> out) {
    for (;; ++row_) {
      if (row_ == block_.rows) {
        block_ = rows_.block(at_++);
        row_ = 0;
      }
      if (row_ < block_.rows && block_.ids[row_] >= 0) break;
    }
    std::copy_n(block_.values + row_++ * out.size(), out.size(), out.begin());
    if (!std::ranges::all_of(out, [](float value) { return std::isfinite(value); })) {
      throw Error(ErrorCode::invalid_argument,
                  "row " + std::to_string(next_) + " holds NaN or infinity; a map needs numbers");
    }
  }

  const PlacedRows& rows_;
  index::RowBlock block_;
  std::size_t at_ = 0;    // the block after this one
  std::size_t row_ = 0;   // in the block
  std::size_t next_ = 0;  // place of the next row
};

/// Writes what was found for row `place`, without the row itself, to its part of the table.
void keep(const index::SearchResult& found, std::size_t place, Neighbors& table) {
  std::size_t to = place * table.k;
  const std::size_t end = to + table.k;
  for (const auto& neighbor : found.neighbors) {
    if (to == end) break;
    if (neighbor.id == static_cast<std::int64_t>(place)) continue;
    table.places[to] = static_cast<std::uint32_t>(neighbor.id);
    table.distances[to++] = std::max(0.0F, neighbor.distance);
  }
}

}  // namespace

Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                         std::size_t k, int threads, const Watcher& watcher) {
  const auto placed = std::make_shared<const PlacedRows>(std::move(rows));
  check(*placed, metric, k);
  Neighbors table;
  table.rows = placed->living();
  table.k = std::min(k, table.rows - 1);
  table.places.resize(table.rows * table.k);
  table.distances.resize(table.rows * table.k);
  const index::Flat flat(placed, metric);
  RowReader reader(*placed);
  for (std::size_t begin = 0; begin < table.rows; begin += kQueries) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped; no map made");
    const Matrix queries = reader.take(kQueries);
    const auto found = flat.search_batch(queries, {.k = table.k + 1, .threads = threads});
    for (std::size_t q = 0; q < queries.rows(); ++q) keep(found[q], begin + q, table);
    watcher.tell({begin + queries.rows(), table.rows, 0});
  }
  return table;
}

}  // namespace alike::map
