#include "alike/index/codes/rabitq_index.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "alike/base/parallel.h"
#include "alike/index/flat/distances.h"
#include "alike/index/kernels/bit_dot.h"
#include "alike/index/kernels/packed_dot.h"
#include "alike/index/rows/candidates.h"
#include "alike/index/rows/nearest.h"
#include "alike/index/rows/workers.h"

namespace alike::index {
namespace {

constexpr std::size_t kPassQueries = 128;
constexpr std::size_t kLooks = 32;  // rows re-measured per batch, so that the bound stays fresh

/// The key (see `Rabitq`) that belongs to a distance.
float key_of(float distance, Metric metric) {
  switch (metric) {
    case Metric::cosine: return distance - 1;
    case Metric::inner_product: return distance;
    case Metric::l2: return distance < 0 ? distance : distance * distance;
  }
  return distance;
}

/// The state of one thread while it scans.
struct Worker {
  Worker(std::size_t queries, float limit) : candidates(queries, Candidates(limit)) {}

  std::vector<Candidates> candidates;  // one per query
  std::vector<std::int32_t> products;
  std::vector<float> lower, upper;
  std::vector<std::uint32_t> open;  // rows to look at again
  std::uint64_t codes_read = 0;
};

/// Some queries over all codes, then over the rows that are left.
class Pass {
 public:
  Pass(const RowSource& rows, const CodeSource& codes, MatrixView queries,
       const SearchOptions& options)
      : rows_(rows),
        codes_(codes),
        distances_(codes.coding().metric(), queries),
        options_(options),
        limit_(key_of(options.within, codes.coding().metric())) {
    for (std::size_t q = 0; q < queries.rows; ++q) {
      query_codes_.push_back(
          codes.coding().query(distances_.queries().row(q), RabitqIndex::kDeviations));
    }
  }

  std::vector<SearchResult> run() {
    const std::size_t queries = query_codes_.size();
    Workers workers{Worker(queries, limit_)};
    workers.each(rows_.block_count(), options_.threads,
                 [&](std::size_t i, Worker& worker) { scan(i, worker); });
    std::vector<SearchResult> results(queries);
    parallel_for(queries, 1, options_.threads, [&](std::size_t q, std::size_t) {
      Candidates all(limit_);
      for (const Worker& worker : workers.all()) {
        all.merge(worker.candidates[q], options_.k);
        results[q].codes_read += worker.codes_read;
      }
      reread(q, all.finish(), results[q]);
    });
    return results;
  }

 private:
  /// Offers the rows of block `i` to every query.
  void scan(std::size_t i, Worker& worker) {
    const RowBlock block = rows_.keys(i);
    const CodeBlock codes = codes_.block(i);
    worker.codes_read += codes.rows;
    worker.products.resize(codes.rows);
    worker.lower.assign(block.rows, -std::numeric_limits<float>::infinity());
    worker.upper.assign(block.rows, std::numeric_limits<float>::infinity());
    const std::size_t further = codes_.coding().words() * (codes_.coding().bits() - 1);
    for (std::size_t q = 0; q < query_codes_.size(); ++q) {
      const QueryCode& query = query_codes_[q];
      bit_dot()(query.planes.data(), codes.signs, codes.rows, codes_.coding().words(),
                worker.products.data());
      Rabitq::bound(query, codes, worker.products.data(), worker.lower.data(), worker.upper.data());
      for (std::size_t r = 0; r < block.rows; ++r) {
        if (worker.lower[r] > worker.candidates[q].limit() || !wanted(block, r)) continue;
        if (query.levels.empty() || r >= codes.rows) {
          offer(q, i, r, worker);
          continue;
        }
        worker.open.push_back(static_cast<std::uint32_t>(r));
        __builtin_prefetch(codes.rest + r * further);
        if (worker.open.size() == kLooks) look_again(q, i, codes, worker);
      }
      look_again(q, i, codes, worker);
    }
  }

  void offer(std::size_t q, std::size_t i, std::size_t r, Worker& worker) const {
    worker.candidates[q].offer(
        {worker.lower[r], static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(r)},
        worker.upper[r], options_.k);
  }

  /// Offers the open rows of block `i` by all bits of their codes.
  void look_again(std::size_t q, std::size_t i, const CodeBlock& codes, Worker& worker) const {
    const QueryCode& query = query_codes_[q];
    const Rabitq& coding = codes_.coding();
    const std::size_t count = worker.open.size();
    std::int32_t products[kLooks];
    packed_dot()(query.levels.data(), {codes.signs, codes.rest, coding.words(), coding.bits()},
                 worker.open.data(), count, products);
    coding.refine(query, codes, worker.open, products, worker.lower.data(), worker.upper.data());
    for (const std::uint32_t r : worker.open) offer(q, i, r, worker);
    worker.open.clear();
  }

  bool wanted(const RowBlock& block, std::size_t r) const {
    if (block.dead != nullptr && block.dead[r] != 0) return false;
    return !options_.filter || options_.filter(block.ids[r]);
  }

  /// Measures candidates in the order of their bounds until no other can be nearer.
  void reread(std::size_t q, std::vector<Candidate> heap, SearchResult& result) const {
    Distances::Scratch scratch;
    Nearest nearest(options_.within);
    for (; !heap.empty(); heap.pop_back()) {
      std::pop_heap(heap.begin(), heap.end(), std::greater<>());
      const Candidate& next = heap.back();
      if (next.lower > key_of(nearest.limit(options_.k), distances_.metric())) break;
      scratch.scales.clear();
      distances_.measure(q, rows_.values(next.block, next.row), 1, scratch);
      nearest.offer(rows_.keys(next.block).ids + next.row, scratch.distances, options_.k);
      ++result.rows_read;
    }
    result.neighbors = std::move(nearest.heap());
    std::sort(result.neighbors.begin(), result.neighbors.end());
  }

  const RowSource& rows_;
  const CodeSource& codes_;
  Distances distances_;
  const SearchOptions& options_;
  std::vector<QueryCode> query_codes_;
  float limit_;  // a row with a larger key is not within the distance asked for
};

}  // namespace

Codes::Codes(const RowSource& source, Metric metric, int threads, std::size_t bits)
    : coding_(metric, center_of(source, metric), bits), blocks_(source.block_count()) {
  parallel_for(blocks_.size(), 1, threads, [&](std::size_t i, std::size_t) {
    const RowBlock block = source.block(i);
    blocks_[i] = {block.rows, coding_.encode(block.values, block.rows)};
  });
}

CodeBlock Codes::block(std::size_t i) const {
  const Block& block = blocks_[i];
  return coding_.view(block.codes.codes.data(), block.codes.fine.data(), block.rows, 0, block.rows);
}

RabitqIndex::RabitqIndex(std::shared_ptr<const RowSource> rows,
                         std::shared_ptr<const CodeSource> codes)
    : rows_(std::move(rows)), codes_(std::move(codes)) {}

std::size_t RabitqIndex::width() const { return rows_->width(); }

std::uint64_t RabitqIndex::size() const { return living_rows(*rows_); }

SearchResult RabitqIndex::search(std::span<const float> query, const SearchOptions& options) const {
  return std::move(search_batch({query.data(), 1, query.size()}, options).front());
}

std::vector<SearchResult> RabitqIndex::search_batch(MatrixView queries,
                                                    const SearchOptions& options) const {
  check_search(queries, width(), options);
  std::vector<SearchResult> results;
  results.reserve(queries.rows);
  for (std::size_t q = 0; q < queries.rows; q += kPassQueries) {
    const MatrixView some{queries.data + q * queries.width,
                          std::min(kPassQueries, queries.rows - q), queries.width};
    auto answers = Pass(*rows_, *codes_, some, options).run();
    std::move(answers.begin(), answers.end(), std::back_inserter(results));
  }
  return results;
}

}  // namespace alike::index
