#include "alike/search/index_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "alike/base/error.h"
#include "alike/index/codes/rabitq_index.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_index.h"
#include "alike/index/rows/read_bandwidth.h"
#include "alike/search/bench_queries.h"

namespace alike::search {
namespace {

using collection::IndexKind;
using index::Neighbor;
using index::SearchResult;

constexpr double kAims[] = {0.90, 0.95, 0.99};
constexpr int kBatches = 3;

double seconds_of(const auto& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  return std::max(taken.count(), 1e-9);
}

void check_range(const std::string& name, std::size_t value, std::size_t most) {
  if (value >= 1 && value <= most) return;
  throw Error(ErrorCode::invalid_argument, name + " is " + std::to_string(value) +
                                               "; it must be from 1 to " + std::to_string(most));
}

void check(const IndexBenchOptions& options) {
  check_range("k", options.k, kMostBenchNeighbors);
  check_range("queries", options.queries, kMostBenchQueries);
  check_range("threads", static_cast<std::size_t>(std::max(0, options.threads)), 1024);
  if (std::ranges::count(options.kinds, IndexKind::automatic) > 0) {
    throw Error(
        ErrorCode::invalid_argument,
        "'auto' is no kind of its own; name flat, coded, coded4, coded8 or graph, or none for all");
  }
}

/// `values` in ascending order → the one that `share` of them do not exceed.
double quantile(const std::vector<double>& values, double share) {
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

/// Answers the queries [first, first + count), each without the row that it is.
using Search = std::function<std::vector<SearchResult>(std::size_t first, std::size_t count)>;

class Bench {
 public:
  Bench(const collection::Collection& collection, const IndexBenchOptions& options,
        const Watcher& watcher)
      : options_(options), watcher_(watcher) {
    bench_.space = collection.space(options.space);
    rows_ = collection.rows(bench_.space.name);
    bench_.rows = living_rows(*rows_);
    if (bench_.rows < 2) {
      throw Error(ErrorCode::not_found, "space '" + bench_.space.name + "' has " +
                                            (bench_.rows == 0 ? "no rows" : "one row") +
                                            "; it takes two for one to be near the other");
    }
    bench_.k = static_cast<std::size_t>(std::min<std::uint64_t>(options.k, bench_.rows - 1));
    bench_.queries =
        static_cast<std::size_t>(std::min<std::uint64_t>(options.queries, bench_.rows));
    bench_.automatic = collection::automatic_kind(bench_.rows, rows_->width());
    queries_ = bench_queries(*rows_, bench_.rows, bench_.queries);
  }

  IndexBench run() {
    const index::Flat flat(rows_, bench_.space.metric);
    for (const SearchResult& result : exact(flat)(0, bench_.queries)) {  // all rows are checked now
      farthest_.push_back(result.neighbors.back().distance);
    }
    stop_if_asked();
    bench_.read_bandwidth = index::read_bandwidth(*rows_, options_.threads);
    if (wanted(IndexKind::flat)) measure_flat(flat);
    for (const IndexKind kind : collection::kIndexKinds) {
      if (collection::bits_of(kind) > 0 && wanted(kind)) measure_coded(kind);
    }
    if (wanted(IndexKind::graph)) measure_graph();
    return std::move(bench_);
  }

 private:
  bool wanted(IndexKind kind) const {
    return options_.kinds.empty() || std::ranges::count(options_.kinds, kind) > 0;
  }

  void measure_flat(const index::Flat& flat) {
    BenchLine line{.kind = IndexKind::flat};
    measure(line, exact(flat));
    std::uint64_t all = 0;
    for (std::size_t b = 0; b < rows_->block_count(); ++b) all += rows_->block_rows(b);
    const auto bytes = static_cast<double>(all * rows_->width() * sizeof(float));
    line.bandwidth_share = bytes / (1e-3 * line.p50_ms) / bench_.read_bandwidth;
    bench_.lines.push_back(line);
  }

  void measure_coded(IndexKind kind) {
    const std::size_t bits = collection::bits_of(kind);
    BenchLine line{.kind = kind};
    std::shared_ptr<const index::Codes> codes;
    line.build_seconds = seconds_of([&] {
      codes =
          std::make_shared<const index::Codes>(*rows_, bench_.space.metric, options_.threads, bits);
    });
    std::size_t coded = 0;
    for (std::size_t b = 0; b < rows_->block_count(); ++b) coded += codes->block(b).rows;
    line.memory_bytes = coded * (index::Rabitq::bytes_per_row(rows_->width()) +
                                 index::Rabitq::fine_bytes_per_row(rows_->width(), bits));
    const index::RabitqIndex index(rows_, codes);
    measure(line, exact(index));
    bench_.lines.push_back(line);
  }

  void measure_graph() {
    BenchLine line{.kind = IndexKind::graph};
    std::shared_ptr<index::Graph> graph;
    line.build_seconds = seconds_of([&] {
      graph = std::make_shared<index::Graph>(
          index::make_graph(*rows_, bench_.space.metric, {}, options_.threads, nullptr, watcher_));
      stop_if_asked();
      index::measure_recall(*graph, rows_, options_.threads);
    });
    line.memory_bytes = graph->bytes();
    const index::GraphIndex index(rows_, graph, nullptr);
    for (const double aim : kAims) {
      line.aim = aim;
      measure(line, [&](std::size_t first, std::size_t count) {
        return index.search_batch_without(
            some(first, count), std::span(queries_.nodes).subspan(first, count),
            {.k = bench_.k, .threads = options_.threads, .recall = aim});
      });
      bench_.lines.push_back(line);
    }
  }

  MatrixView some(std::size_t first, std::size_t count) const {
    return {queries_.rows.row(first).data(), count, rows_->width()};
  }

  /// One neighbour more is searched for, since the row itself is most often among them.
  Search exact(const index::VectorIndex& index) const {
    return [&](std::size_t first, std::size_t count) {
      const index::SearchOptions options{.k = bench_.k + 1, .threads = options_.threads};
      auto results = count == 1 ? std::vector{index.search(queries_.rows.row(first), options)}
                                : index.search_batch(some(first, count), options);
      for (std::size_t i = 0; i < count; ++i) {
        auto& neighbors = results[i].neighbors;
        const std::int64_t own = queries_.ids[first + i];
        std::erase_if(neighbors, [&](const Neighbor& neighbor) { return neighbor.id == own; });
        neighbors.resize(std::min(neighbors.size(), bench_.k));
      }
      return results;
    };
  }

  /// Sets the figures of searching.
  void measure(BenchLine& line, const Search& search) const {
    const std::size_t count = bench_.queries;
    const auto n = static_cast<double>(count);
    std::vector<double> taken;
    double found = 0, rows = 0, codes = 0;
    for (std::size_t q = 0; q < count; ++q) {
      stop_if_asked();
      std::vector<SearchResult> results;
      if (q == 0) search(0, 1);  // warms up
      taken.push_back(1e3 * seconds_of([&] { results = search(q, 1); }));
      found += static_cast<double>(std::ranges::count_if(
          results.front().neighbors,
          [&](const Neighbor& neighbor) { return neighbor.distance <= farthest_[q]; }));
      rows += static_cast<double>(results.front().rows_read);
      codes += static_cast<double>(results.front().codes_read);
      watcher_.tell({.done = q + 1, .total = count});
    }
    std::ranges::sort(taken);
    line.recall = found / (n * static_cast<double>(bench_.k));
    line.p50_ms = quantile(taken, 0.5);
    line.p99_ms = quantile(taken, 0.99);
    line.rows_read = rows / n;
    line.codes_read = codes / n;
    line.queries_per_second = 0;
    for (int i = 0; i < kBatches; ++i) {
      stop_if_asked();
      line.queries_per_second =
          std::max(line.queries_per_second, n / seconds_of([&] { search(0, count); }));
    }
  }

  void stop_if_asked() const {
    if (!watcher_.stop.stop_requested()) return;
    throw Error(ErrorCode::interrupted, "stopped; the collection is as it was");
  }

  const IndexBenchOptions& options_;
  const Watcher& watcher_;
  IndexBench bench_;
  std::shared_ptr<const index::RowSource> rows_;
  BenchQueries queries_;
  std::vector<float> farthest_;  // of the true k nearest, by query
};

/// The best line of those with this recall or more.
const BenchLine* best(const IndexBench& bench, double recall, const auto& better) {
  const BenchLine* best = nullptr;
  for (const BenchLine& line : bench.lines) {
    if (line.recall >= recall && (best == nullptr || better(line, *best))) best = &line;
  }
  return best;
}

}  // namespace

IndexBench bench_index(const collection::Collection& collection, const IndexBenchOptions& options,
                       const Watcher& watcher) {
  check(options);
  return Bench(collection, options, watcher).run();
}

const BenchLine* quickest_answer(const IndexBench& bench, double recall) {
  return best(bench, recall,
              [](const BenchLine& a, const BenchLine& b) { return a.p50_ms < b.p50_ms; });
}

const BenchLine* most_answers(const IndexBench& bench, double recall) {
  return best(bench, recall, [](const BenchLine& a, const BenchLine& b) {
    return a.queries_per_second > b.queries_per_second;
  });
}

}  // namespace alike::search
