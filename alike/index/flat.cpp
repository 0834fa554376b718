#include "alike/index/flat.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "alike/base/parallel.h"
#include "alike/index/distances.h"
#include "alike/index/kernels.h"
#include "alike/index/nearest.h"
#include "alike/index/workers.h"

namespace alike::index {
namespace {

constexpr std::size_t kPieces = 256;  // at most; what a thread takes at a time
constexpr std::size_t kPassBytes = 2 << 20;
constexpr std::size_t kPassQueries = 256;

/// What one thread keeps while it reads.
struct Worker {
  explicit Worker(std::size_t queries) : nearest(queries) {}

  std::vector<Nearest> nearest;  // one per query
  Distances::Scratch scratch;
  std::vector<std::uint8_t> wanted;
  std::uint64_t rows_read = 0;
};

/// One pass of several queries over all rows.
class Pass {
 public:
  Pass(const RowSource& source, Metric metric, MatrixView queries, const SearchOptions& options)
      : source_(source), distances_(metric, queries), queries_(queries), options_(options) {}

  std::vector<SearchResult> run() {
    const std::size_t blocks = source_.block_count();
    Workers workers{Worker(queries_.rows)};
    parallel_for(blocks, blocks / kPieces + 1, options_.threads,
                 [&](std::size_t begin, std::size_t end) {
                   Worker worker = workers.take();
                   for (std::size_t i = begin; i < end; ++i) read(source_.block(i), worker);
                   workers.give_back(std::move(worker));
                 });
    std::vector<SearchResult> results(queries_.rows);
    for (std::size_t q = 0; q < queries_.rows; ++q) results[q] = result_of(q, workers.all());
    return results;
  }

 private:
  /// Finds the runs of rows that are there and pass the filter.
  void read(const RowBlock& block, Worker& worker) {
    if (block.dead == nullptr && !options_.filter) return scan(block, 0, block.rows, worker);
    worker.wanted.assign(block.rows + 1, 0);
    for (std::size_t r = 0; r < block.rows; ++r) {
      const bool there = block.dead == nullptr || block.dead[r] == 0;
      worker.wanted[r] = there && (!options_.filter || options_.filter(block.ids[r])) ? 1 : 0;
    }
    for (std::size_t r = 0; r < block.rows;) {
      const std::size_t begin = r;
      while (worker.wanted[r] != 0) ++r;
      if (r > begin) scan(block, begin, r, worker);
      while (r < block.rows && worker.wanted[r] == 0) ++r;
    }
  }

  /// Offers the rows [begin, end) of `block` to every query.
  void scan(const RowBlock& block, std::size_t begin, std::size_t end, Worker& worker) {
    const std::size_t count = end - begin;
    worker.rows_read += count;
    worker.scratch.scales.clear();
    for (std::size_t q = 0; q < queries_.rows; q += kTileQueries) {
      const std::size_t some = std::min(kTileQueries, queries_.rows - q);
      distances_.measure(q, some, block.values + begin * queries_.width, count, worker.scratch);
      for (std::size_t i = 0; i < some; ++i) {
        const auto distances = std::span(worker.scratch.distances).subspan(i * count, count);
        worker.nearest[q + i].offer(block.ids + begin, distances, options_.k);
      }
    }
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
  const SearchOptions& options_;
};

}  // namespace

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
  const std::size_t at_once = std::clamp<std::size_t>(
      kPassBytes / (sizeof(float) * std::max<std::size_t>(1, width())), kTileQueries, kPassQueries);
  std::vector<SearchResult> results;
  results.reserve(queries.rows);
  for (std::size_t q = 0; q < queries.rows; q += at_once) {
    const MatrixView some{queries.data + q * queries.width, std::min(at_once, queries.rows - q),
                          queries.width};
    auto answers = Pass(*source_, metric_, some, options).run();
    std::move(answers.begin(), answers.end(), std::back_inserter(results));
  }
  return results;
}

}  // namespace alike::index
