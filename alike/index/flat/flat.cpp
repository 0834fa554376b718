#include "alike/index/flat/flat.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "alike/index/flat/batch_prefilter.h"
#include "alike/index/flat/distances.h"
#include "alike/index/rows/nearest.h"
#include "alike/index/rows/workers.h"

namespace alike::index {
namespace {

constexpr std::size_t kPassBytes = 2 << 20;
constexpr std::size_t kPassQueries = 256;
constexpr std::size_t kFewQueries = 8;  // so many are measured faster than filtered
// Bytes are given up where they let through more than a quarter, once the nearest are known so far.
constexpr std::uint64_t kTrialRows = 100;  // for each of the k neighbours
constexpr std::uint64_t kTrialShare = 4;

/// How many of `queries` go through the prefilter: whole panels, and the rest unless it is small.
std::size_t filtered_of(std::size_t queries) {
  const std::size_t rest = queries % kPanelQueries;
  return rest > kFewQueries ? queries : queries - rest;
}

bool all_below(const float* values, const float* thresholds) {
  int others = 0;
  for (std::size_t i = 0; i < kPanelQueries; ++i) others += values[i] < thresholds[i] ? 0 : 1;
  return others == 0;
}

/// The state of one thread while it reads.
struct Worker {
  Worker(std::size_t queries, std::size_t panels, float within)
      : nearest(queries, Nearest(within)),
        thresholds(panels * kPanelQueries, -std::numeric_limits<float>::infinity()) {}

  std::vector<Nearest> nearest;   // one per query
  std::vector<float> thresholds;  // one per filtered query
  Distances::Scratch scratch;
  BatchPrefilter::Scratch prefilter;
  bool by_bytes = byte_panel() != nullptr;
  std::uint64_t let_through = 0;  // pairs of the rows that are read
  std::vector<std::uint8_t> wanted;
  std::vector<std::int64_t> ids;  // of the passing rows of a block, for the prefilter
  std::vector<float> values;      // theirs
  std::uint64_t rows_read = 0;
};

/// One pass of several queries over all rows.
class Pass {
 public:
  Pass(const RowSource& source, Metric metric, MatrixView queries, const SearchOptions& options)
      : source_(source),
        distances_(metric, queries),
        queries_(queries),
        filtered_(filtered_of(queries.rows)),
        prefilter_(distances_, filtered_, nullptr),
        byte_prefilter_(distances_, byte_panel() == nullptr ? 0 : filtered_),
        options_(options) {}

  std::vector<SearchResult> run() {
    Workers workers{Worker(queries_.rows, prefilter_.panels(), options_.within)};
    workers.each(source_.block_count(), options_.threads,
                 [&](std::size_t i, Worker& worker) { read(source_.block(i), worker); });
    std::vector<SearchResult> results(queries_.rows);
    for (std::size_t q = 0; q < queries_.rows; ++q) results[q] = result_of(q, workers.all());
    return results;
  }

 private:
  /// Finds the rows that are there and pass the filter.
  void read(const RowBlock& block, Worker& worker) const {
    if (block.dead == nullptr && !options_.filter) {
      return scan(block.values, block.ids, block.rows, worker);
    }
    worker.wanted.assign(block.rows + 1, 0);
    for (std::size_t r = 0; r < block.rows; ++r) {
      const bool there = block.dead == nullptr || block.dead[r] == 0;
      worker.wanted[r] = there && (!options_.filter || options_.filter(block.ids[r])) ? 1 : 0;
    }
    worker.ids.clear();
    worker.values.clear();
    for (std::size_t r = 0; r < block.rows;) {
      const std::size_t begin = r;
      while (worker.wanted[r] != 0) ++r;
      if (r > begin) read_run(block, begin, r, worker);
      while (r < block.rows && worker.wanted[r] == 0) ++r;
    }
    if (!worker.ids.empty()) {
      scan(worker.values.data(), worker.ids.data(), worker.ids.size(), worker);
    }
  }

  /// Short runs would slow the prefilter, so it gets them all as one; a copy is little beside its
  /// work.
  void read_run(const RowBlock& block, std::size_t begin, std::size_t end, Worker& worker) const {
    const float* values = block.values + begin * queries_.width;
    const std::size_t count = end - begin;
    if (filtered_ == 0) return scan(values, block.ids + begin, count, worker);
    worker.ids.insert(worker.ids.end(), block.ids + begin, block.ids + end);
    worker.values.insert(worker.values.end(), values, values + count * queries_.width);
  }

  /// Offers rows to every query.
  void scan(const float* rows, const std::int64_t* ids, std::size_t count, Worker& worker) const {
    worker.rows_read += count;
    if (filtered_ > 0) {
      const BatchPrefilter& prefilter = worker.by_bytes ? byte_prefilter_ : prefilter_;
      worker.let_through = 0;
      prefilter.weigh(rows, count, worker.prefilter);
      for (std::size_t p = 0; p < prefilter.panels(); ++p)
        measure_passing(prefilter, p, rows, ids, worker);
      if (worker.rows_read > kTrialRows * options_.k &&
          worker.let_through * kTrialShare > count * filtered_) {
        worker.by_bytes = false;
      }
    }
    worker.scratch.scales.clear();
    for (std::size_t q = filtered_; q < queries_.rows; ++q) {
      distances_.measure(q, rows, count, worker.scratch);
      worker.nearest[q].offer(ids, worker.scratch.distances, options_.k);
    }
  }

  /// Offers those rows that were weighed and may be near to the queries of panel `p`.
  void measure_passing(const BatchPrefilter& prefilter, std::size_t p, const float* rows,
                       const std::int64_t* ids, Worker& worker) const {
    const std::size_t first = p * kPanelQueries;
    const std::size_t some = std::min(kPanelQueries, filtered_ - first);
    const float* thresholds = worker.thresholds.data() + first;
    prefilter.values(p, rows, worker.prefilter);
    for (std::size_t r = 0; r < worker.prefilter.terms.size(); ++r) {
      const float* values = worker.prefilter.values.data() + r * kPanelQueries;
      if (all_below(values, thresholds)) continue;
      for (std::size_t i = 0; i < some; ++i) {
        if (values[i] < thresholds[i]) continue;
        offer(first + i, rows + r * queries_.width, ids + r, worker);
      }
    }
  }

  void offer(std::size_t q, const float* row, const std::int64_t* id, Worker& worker) const {
    ++worker.let_through;
    worker.scratch.scales.clear();
    distances_.measure(q, row, 1, worker.scratch);
    worker.nearest[q].offer(id, worker.scratch.distances, options_.k);
    worker.thresholds[q] = prefilter_.threshold(q, worker.nearest[q].limit(options_.k));
  }

  SearchResult result_of(std::size_t q, std::vector<Worker>& workers) const {
    SearchResult result;
    for (Worker& worker : workers) {
      std::vector<Neighbor>& heap = worker.nearest[q].heap();
      result.neighbors.insert(result.neighbors.end(), heap.begin(), heap.end());
      std::vector<Neighbor>().swap(heap);
      result.rows_read += worker.rows_read;
    }
    const std::size_t count = std::min(options_.k, result.neighbors.size());
    std::partial_sort(result.neighbors.begin(),
                      result.neighbors.begin() + static_cast<std::ptrdiff_t>(count),
                      result.neighbors.end());
    result.neighbors.resize(count);
    return result;
  }

  const RowSource& source_;
  Distances distances_;
  MatrixView queries_;
  std::size_t filtered_;  // queries from the first on; the others are measured one by one
  BatchPrefilter prefilter_, byte_prefilter_;
  const SearchOptions& options_;
};

}  // namespace

Flat::Flat(std::shared_ptr<const RowSource> source, Metric metric)
    : source_(std::move(source)), metric_(metric) {}

std::size_t Flat::width() const { return source_->width(); }

std::uint64_t Flat::size() const { return living_rows(*source_); }

SearchResult Flat::search(std::span<const float> query, const SearchOptions& options) const {
  return std::move(search_batch({query.data(), 1, query.size()}, options).front());
}

std::vector<SearchResult> Flat::search_batch(MatrixView queries,
                                             const SearchOptions& options) const {
  check_search(queries, width(), options);
  const std::size_t at_once =
      std::clamp<std::size_t>(kPassBytes / (sizeof(float) * std::max<std::size_t>(1, width())),
                              kPanelQueries, kPassQueries);
  std::vector<SearchResult> results;
  results.reserve(queries.rows);
  for (std::size_t q = 0; q < queries.rows; q += at_once) {
    const MatrixView some{queries.data + q * queries.width, std::min(at_once, queries.rows - q),
                          queries.width};
    auto answers = Pass(*source_, metric_, some, options).run();
    std::move(answers.begin(), answers.end(), std::back_inserter(results));
  }
  source_->check_whole();
  return results;
}

}  // namespace alike::index
