#include "alike/index/flat.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/index/kernels.h"

namespace alike::index {
namespace {

constexpr std::size_t kPieces = 256;  // at most; what a thread takes at a time
constexpr std::size_t kPassBytes = 2 << 20;
constexpr std::size_t kPassQueries = 256;

/// The k smallest of what was offered, as a heap with the farthest on top.
class Nearest {
 public:
  /// A distance that is not a number counts as infinite.
  void offer(const std::int64_t* ids, std::span<const float> distances, std::size_t k) {
    for (std::size_t i = 0; i < distances.size(); ++i) {
      if (heap_.size() == k && !(distances[i] <= heap_.front().distance)) continue;
      const bool number = !std::isnan(distances[i]);
      offer({ids[i], number ? distances[i] : std::numeric_limits<float>::infinity()}, k);
    }
  }
  std::vector<Neighbor>& heap() { return heap_; }

 private:
  void offer(const Neighbor& candidate, std::size_t k) {
    if (heap_.size() == k) {
      if (!(candidate < heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end());
  }

  std::vector<Neighbor> heap_;
};

/// What one thread keeps while it reads.
struct Worker {
  explicit Worker(std::size_t queries) : nearest(queries) {}

  std::vector<Nearest> nearest;  // one per query
  std::vector<float> distances;  // (tile of queries, run of rows)
  std::vector<float> scales;     // (run of rows) 1 / length
  std::vector<std::uint8_t> wanted;
  std::uint64_t rows_read = 0;
};

/// Threads come and go between pieces; each piece borrows a worker.
class Workers {
 public:
  explicit Workers(std::size_t queries) : queries_(queries) {}

  Worker take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return Worker(queries_);
    Worker worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }
  void give_back(Worker worker) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }
  std::vector<Worker>& all() { return idle_; }

 private:
  std::size_t queries_;
  std::mutex mutex_;
  std::vector<Worker> idle_;
};

/// One pass of several queries over all rows.
class Pass {
 public:
  Pass(const RowSource& source, Metric metric, MatrixView queries, const SearchOptions& options)
      : source_(source), metric_(metric), queries_(queries), options_(options) {}

  std::vector<SearchResult> run() {
    const std::size_t blocks = source_.block_count();
    Workers workers(queries_.rows);
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
    worker.distances.resize(kTileQueries * count);
    worker.scales.resize(count);
    for (std::size_t q = 0; q < queries_.rows; q += kTileQueries) {
      const std::size_t some = std::min(kTileQueries, queries_.rows - q);
      measure(q, some, block.values + begin * queries_.width, count, worker);
      for (std::size_t i = 0; i < some; ++i) {
        const std::span<const float> distances(worker.distances.data() + i * count, count);
        worker.nearest[q + i].offer(block.ids + begin, distances, options_.k);
      }
    }
  }

  /// Distances of `some` queries from `q` on to `count` rows. The lengths of the rows are measured
  /// with the first queries of a pass and kept for the others.
  void measure(std::size_t q, std::size_t some, const float* rows, std::size_t count,
               Worker& worker) const {
    const float* queries = queries_.data + q * queries_.width;
    float* out = worker.distances.data();
    if (metric_ == Metric::l2) {
      kernels().l2_squared_tile(queries, some, rows, count, queries_.width, out);
      for (std::size_t i = 0; i < some * count; ++i) out[i] = std::sqrt(out[i]);
      return;
    }
    float* norms = metric_ == Metric::cosine && q == 0 ? worker.scales.data() : nullptr;
    kernels().dot_tile(queries, some, rows, count, queries_.width, out, norms);
    if (metric_ == Metric::inner_product) {
      for (std::size_t i = 0; i < some * count; ++i) out[i] = -out[i];
      return;
    }
    for (std::size_t r = 0; norms != nullptr && r < count; ++r) {
      worker.scales[r] = norms[r] > 0 ? 1 / std::sqrt(norms[r]) : 0;
    }
    for (std::size_t i = 0; i < some; ++i, out += count) {
      for (std::size_t r = 0; r < count; ++r) {
        out[r] = std::clamp(1 - out[r] * worker.scales[r], 0.0F, 2.0F);
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
  Metric metric_;
  MatrixView queries_;
  const SearchOptions& options_;
};

void check(MatrixView queries, std::size_t width, const SearchOptions& options) {
  const auto refuse = [](const std::string& sentence) {
    throw Error(ErrorCode::invalid_argument, sentence);
  };
  if (options.k == 0) refuse("k is 0; ask for at least 1 neighbour");
  if (queries.width != width) {
    refuse("the query has " + std::to_string(queries.width) + " numbers and the rows have " +
           std::to_string(width) + "; use a query made by the same encoder and layer");
  }
  for (std::size_t i = 0; i < queries.rows * queries.width; ++i) {
    if (std::isfinite(queries.data[i])) continue;
    refuse("number " + std::to_string(i % width) + " of query " + std::to_string(i / width) +
           " is " + std::to_string(queries.data[i]) + "; queries must be finite");
  }
}

/// Rows of length 1, so that a cosine is one product less per pair; a row of zeros stays.
Matrix unit_rows(MatrixView rows) {
  Matrix unit(rows.rows, rows.width);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    double norm = 0;
    for (const double value : rows.row(r)) norm += value * value;
    const double scale = norm > 0 ? 1 / std::sqrt(norm) : 0;
    std::transform(rows.row(r).begin(), rows.row(r).end(), unit.row(r).begin(),
                   [&](float value) { return static_cast<float>(value * scale); });
  }
  return unit;
}

}  // namespace

Flat::Flat(std::shared_ptr<const RowSource> source, Metric metric)
    : source_(std::move(source)), metric_(metric) {}

std::size_t Flat::width() const { return source_->width(); }

std::uint64_t Flat::size() const {
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < source_->block_count(); ++i) {
    const RowBlock block = source_->block(i);
    rows += block.rows;
    if (block.dead == nullptr) continue;
    rows -= static_cast<std::uint64_t>(
        std::count_if(block.dead, block.dead + block.rows, [](auto dead) { return dead != 0; }));
  }
  return rows;
}

SearchResult Flat::search(std::span<const float> query, const SearchOptions& options) const {
  return std::move(search_batch({query.data(), 1, query.size()}, options).front());
}

std::vector<SearchResult> Flat::search_batch(MatrixView queries,
                                             const SearchOptions& options) const {
  check(queries, width(), options);
  Matrix unit;
  if (metric_ == Metric::cosine) {
    unit = unit_rows(queries);
    queries = unit;
  }
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
