#include "alike/map/layout/neighbors.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/index/flat/distances.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_index.h"
#include "alike/index/kernels/kernels.h"
#include "alike/map/layout/placed_rows.h"

namespace alike::map {
namespace {

constexpr std::size_t kQueryBytes = 64 << 20;  // of rows searched for at once
constexpr std::size_t kMostQueries = 1024;     // of them
constexpr double kExactCost = 8e10;  // rows² · (width + 300) up to which no graph is cheaper
constexpr double kRecall = 0.99;     // of a graph
constexpr std::size_t kSpare = 2;    // candidates beyond k, which rounding may have put behind
constexpr std::size_t kPiece = 32;   // rows with candidates measured together

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

/// Distances between living rows, the same to the last bit on every processor.
class Ruler {
 public:
  /// Throws `invalid_argument` for a row with NaN or infinity.
  Ruler(const PlacedRows& rows, index::Metric metric) : rows_(rows) {
    for (std::size_t place = 0; place < rows.living(); ++place) {
      const auto row = rows.row(place);
      if (!std::ranges::all_of(row, [](float value) { return std::isfinite(value); })) {
        throw Error(ErrorCode::invalid_argument,
                    "row " + std::to_string(place) + " holds NaN or infinity; a map needs numbers");
      }
      if (metric != index::Metric::cosine) continue;
      scales_.push_back(index::scale_of(kernels_.dot(row.data(), row.data(), row.size())));
    }
  }

  float distance(std::size_t a, std::size_t b) const {
    const float *from = rows_.row(a).data(), *to = rows_.row(b).data();
    if (scales_.empty()) return std::sqrt(kernels_.l2_squared(from, to, rows_.width()));
    return std::max(0.0F, 1 - kernels_.dot(from, to, rows_.width()) * scales_[a] * scales_[b]);
  }

 private:
  const index::Kernels& kernels_ = index::kernels(Simd::scalar);
  const PlacedRows& rows_;
  std::vector<float> scales_;  // of a cosine: 1 / length
};

/// Looks for the neighbours of all rows.
class Finding {
 public:
  Finding(std::shared_ptr<const PlacedRows> rows, index::Metric metric, std::size_t k, int threads,
          const Watcher& watcher)
      : rows_(std::move(rows)),
        metric_(metric),
        ruler_(*rows_, metric),
        threads_(threads),
        watcher_(watcher) {
    table_.rows = rows_->living();
    table_.k = std::min(k, table_.rows - 1);
    table_.places.resize(table_.rows * table_.k);
    table_.distances.resize(table_.rows * table_.k);
  }

  /// By reading all rows for each.
  Neighbors exactly() {
    return by(
        index::Flat(rows_, metric_), [](std::int64_t id) { return id; }, 0);
  }

  /// By a graph that is made for it. Progress is first that of the making.
  Neighbors by_graph() {
    const Watcher making{
        [&](const Progress& progress) {
          watcher_.tell({std::min<std::uint64_t>(progress.done, table_.rows), 2 * table_.rows, 0});
        },
        watcher_.stop};
    auto graph = std::make_shared<index::Graph>(
        index::make_graph(*rows_, metric_, {}, threads_, nullptr, making));
    index::measure_recall(*graph, rows_, threads_);
    return by(
        index::GraphIndex(rows_, graph, nullptr), [](std::int64_t id) { return id; }, table_.rows);
  }

  /// By the answers of `index`; `place_of` maps their ids to places. `before` is the progress
  /// reported so far.
  Neighbors by(const index::VectorIndex& index, const auto& place_of, std::uint64_t before) {
    const index::SearchOptions options{
        .k = table_.k + 1 + kSpare, .threads = threads_, .recall = kRecall};
    const std::size_t fitting =
        kQueryBytes / (sizeof(float) * std::max<std::size_t>(1, rows_->width()));
    const std::size_t some = std::clamp<std::size_t>(fitting, 32, kMostQueries);
    for (std::size_t begin = 0; begin < table_.rows; begin += some) {
      if (watcher_.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "stopped; no map made");
      }
      const std::size_t end = std::min(begin + some, table_.rows);
      const auto found = index.search_batch(rows_between(begin, end), options);
      parallel_for(end - begin, kPiece, threads_, [&](std::size_t from, std::size_t to) {
        for (std::size_t q = from; q < to; ++q) keep(found[q], begin + q, place_of);
      });
      watcher_.tell({before + end, before + table_.rows, 0});
    }
    return std::move(table_);
  }

 private:
  Matrix rows_between(std::size_t begin, std::size_t end) const {
    Matrix rows(end - begin, rows_->width());
    for (std::size_t i = begin; i < end; ++i) {
      std::ranges::copy(rows_->row(i), rows.row(i - begin).begin());
    }
    return rows;
  }

  /// Writes the nearest of those found for row `place` to its part of the table.
  void keep(const index::SearchResult& found, std::size_t place, const auto& place_of) {
    std::vector<index::Neighbor> others;
    others.reserve(found.neighbors.size());
    for (const auto& neighbor : found.neighbors) {
      const auto other = static_cast<std::size_t>(place_of(neighbor.id));
      if (other == place) continue;
      others.push_back({static_cast<std::int64_t>(other), ruler_.distance(place, other)});
    }
    if (others.size() < table_.k) {
      throw Error(ErrorCode::corrupt, "the index of the space finds too few neighbours",
                  repair_remedy());
    }
    std::ranges::sort(others);
    for (std::size_t i = 0, to = place * table_.k; i < table_.k; ++i, ++to) {
      table_.places[to] = static_cast<std::uint32_t>(others[i].id);
      table_.distances[to] = others[i].distance;
    }
  }

  std::shared_ptr<const PlacedRows> rows_;
  index::Metric metric_;
  Ruler ruler_;
  int threads_;
  const Watcher& watcher_;
  Neighbors table_;
};

}  // namespace

Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                         std::size_t k, int threads, const Watcher& watcher) {
  const auto placed = std::make_shared<const PlacedRows>(std::move(rows));
  check(*placed, metric, k);
  Finding finding(placed, metric, k, threads, watcher);
  const auto count = static_cast<double>(placed->living());
  const double cost = count * count * (static_cast<double>(placed->width()) + 300);
  return cost <= kExactCost ? finding.exactly() : finding.by_graph();
}

Neighbors find_neighbors(std::shared_ptr<const index::RowSource> rows,
                         const index::VectorIndex& index, index::Metric metric, std::size_t k,
                         int threads, const Watcher& watcher) {
  const auto placed = std::make_shared<const PlacedRows>(std::move(rows));
  check(*placed, metric, k);
  std::vector<std::pair<std::int64_t, std::size_t>> places;
  for (std::size_t i = 0; i < placed->living(); ++i) places.emplace_back(placed->source_id(i), i);
  std::ranges::sort(places);
  const auto place_of = [&](std::int64_t id) {
    return std::ranges::lower_bound(places, std::pair{id, std::size_t{0}})->second;
  };
  return Finding(placed, metric, k, threads, watcher).by(index, place_of, 0);
}

}  // namespace alike::map
