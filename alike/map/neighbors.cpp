#include "alike/map/neighbors.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/index/graph_index.h"
#include "alike/map/placed_rows.h"

namespace alike::map {
namespace {

constexpr std::size_t kQueryBytes = 64 << 20;  // of rows whose neighbours are looked for at once
constexpr std::size_t kMostQueries = 1024;     // of them
constexpr double kExactCost = 8e10;  // rows² · (width + 300) up to which no graph is cheaper
constexpr double kRecall = 0.99;     // of a graph

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

  /// The next rows, at most `count`; `nodes` becomes their numbers, dead ones counted too.
  Matrix take(std::size_t count, std::vector<index::Node>& nodes) {
    Matrix taken(std::min(count, rows_.living() - next_), rows_.width());
    nodes.clear();
    for (std::size_t t = 0; t < taken.rows(); ++t, ++next_) {
      copy_next(taken.row(t));
      nodes.push_back(static_cast<index::Node>(before_ + row_ - 1));
    }
    return taken;
  }

 private:
  void copy_next(std::span<float> out) {
    for (;; ++row_) {
      if (row_ == block_.rows) {
        before_ += block_.rows;
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
  std::size_t at_ = 0;      // the block after this one
  std::size_t row_ = 0;     // in the block
  std::size_t before_ = 0;  // rows of the blocks before this one
  std::size_t next_ = 0;    // place of the next row
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
  assert(to == end);
}

/// Looks for the neighbours of all rows.
class Finding {
 public:
  Finding(std::shared_ptr<const PlacedRows> rows, std::size_t k, int threads,
          const Watcher& watcher)
      : rows_(std::move(rows)), threads_(threads), watcher_(watcher) {
    table_.rows = rows_->living();
    table_.k = std::min(k, table_.rows - 1);
  }

  /// By reading all rows for each.
  Neighbors exactly(index::Metric metric) {
    const index::Flat flat(rows_, metric);
    const index::SearchOptions options{.k = table_.k + 1, .threads = threads_};
    search(table_.rows,
           [&](const Matrix& queries, const auto&) { return flat.search_batch(queries, options); });
    return std::move(table_);
  }

  /// By a graph that is made, or extended from `known`. Progress is first that of the making.
  Neighbors by_graph(index::Metric metric, const index::Graph* known) {
    search(0, [](const Matrix&, const auto&) { return std::vector<index::SearchResult>(); });
    if (table_.k == 0) return std::move(table_);
    const auto graph = covers_all(known) ? std::shared_ptr<const index::Graph>(
                                               std::shared_ptr<const void>(), known)
                                         : made(metric, known);
    const index::GraphIndex index(rows_, graph, nullptr);
    const index::SearchOptions options{.k = table_.k, .threads = threads_, .recall = kRecall};
    search(2 * table_.rows, [&](const Matrix& queries, const auto& nodes) {
      return index.search_batch_without(queries, nodes, options);
    });
    return std::move(table_);
  }

 private:
  bool covers_all(const index::Graph* graph) const {
    if (graph == nullptr || graph->measured.empty()) return false;
    std::size_t nodes = 0;
    for (std::size_t b = 0; b < rows_->block_count(); ++b) nodes += rows_->block_rows(b);
    return graph->links.nodes == nodes;
  }

  std::shared_ptr<const index::Graph> made(index::Metric metric, const index::Graph* known) const {
    index::GraphOptions how;
    if (known != nullptr) how.stride = known->reduction.stride();
    const Watcher making{
        [&](const Progress& progress) {
          watcher_.tell({std::min<std::uint64_t>(progress.done, table_.rows), 2 * table_.rows, 0});
        },
        watcher_.stop};
    auto graph = std::make_shared<index::Graph>(
        index::make_graph(*rows_, metric, how, threads_, known, making));
    index::measure_recall(*graph, rows_, threads_);
    return graph;
  }

  /// Keeps what `find(queries, nodes)` answers for all rows; progress ends at `total`, and where
  /// that is 0 the rows are only checked.
  void search(std::size_t total, const auto& find) {
    table_.places.resize(table_.rows * table_.k);
    table_.distances.resize(table_.rows * table_.k);
    const std::size_t fitting =
        kQueryBytes / (sizeof(float) * std::max<std::size_t>(1, rows_->width()));
    const std::size_t some = std::clamp<std::size_t>(fitting, 32, kMostQueries);
    RowReader reader(*rows_);
    std::vector<index::Node> nodes;
    for (std::size_t begin = 0; begin < table_.rows; begin += some) {
      if (watcher_.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "stopped; no map made");
      }
      const Matrix queries = reader.take(some, nodes);
      const auto found = find(queries, nodes);
      for (std::size_t q = 0; q < found.size(); ++q) keep(found[q], begin + q, table_);
      if (total > 0) watcher_.tell({total - table_.rows + begin + queries.rows(), total, 0});
    }
  }

  std::shared_ptr<const PlacedRows> rows_;
  int threads_;
  const Watcher& watcher_;
  Neighbors table_;
};

}  // namespace

Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                         std::size_t k, int threads, const Watcher& watcher) {
  const auto placed = std::make_shared<const PlacedRows>(std::move(rows));
  check(*placed, metric, k);
  Finding finding(placed, k, threads, watcher);
  const auto count = static_cast<double>(placed->living());
  const double cost = count * count * (static_cast<double>(placed->width()) + 300);
  return cost <= kExactCost ? finding.exactly(metric) : finding.by_graph(metric, nullptr);
}

Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows, const index::Graph& graph,
                         std::size_t k, int threads, const Watcher& watcher) {
  const auto placed = std::make_shared<const PlacedRows>(std::move(rows));
  const index::Metric metric = graph.reduction.metric();
  check(*placed, metric, k);
  return Finding(placed, k, threads, watcher).by_graph(metric, &graph);
}

}  // namespace alike::map
