#include "alike/index/flat/half_flat.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/index/flat/distances.h"
#include "alike/index/rows/nearest.h"
#include "alike/index/rows/workers.h"

namespace alike::index {
namespace {

constexpr std::size_t kBlockBytes = 128 << 10;  // twice as much where it is widened
constexpr std::size_t kFewQueries = 8;          // more are measured faster as float32
constexpr float kMost = 65520;

struct Worker {
  std::vector<Nearest> nearest;  // one per query
  Distances::Scratch scratch;
  std::vector<std::int64_t> ids;  // of the rows of a block that pass the filter
};

}  // namespace

Half half_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
  const float size = std::abs(value);
  if (std::isnan(value)) return static_cast<Half>(sign | 0x7e00U);
  if (size >= kMost) return static_cast<Half>(sign | 0x7c00U);
  // Adding a power of two that makes the last bit of a half the last one kept rounds to even.
  if (size < 0x1p-14F) {
    return static_cast<Half>(sign | (std::bit_cast<std::uint32_t>(size + 0.5F) - 0x3f000000U));
  }
  const std::uint32_t even = bits >> 13 & 1U;
  const std::uint32_t rounded = (bits & 0x7fffffffU) + 0xfffU + even;
  return static_cast<Half>(sign | ((rounded >> 13) - (112U << 10)));
}

/// The rows as float32, a block at a time.
class HalfFlat::Widened final : public RowSource {
 public:
  explicit Widened(const HalfFlat& half) : half_(half) {}

  std::size_t width() const override { return half_.width_; }
  std::size_t block_count() const override {
    return (half_.ids_.size() + half_.block_rows_ - 1) / half_.block_rows_;
  }
  std::size_t block_rows(std::size_t i) const override { return keys(i).rows; }
  RowBlock keys(std::size_t i) const override {
    const std::size_t first = i * half_.block_rows_;
    return {half_.ids_.data() + first, nullptr,
            std::min(half_.block_rows_, half_.ids_.size() - first), nullptr};
  }
  /// Valid until the same thread asks for another.
  RowBlock block(std::size_t i) const override {
    static thread_local std::vector<float> values;
    RowBlock block = keys(i);
    const Half* from = half_.values_.data() + i * half_.block_rows_ * width();
    values.resize(block.rows * width());
    kernels().widen(from, values.size(), values.data());
    block.values = values.data();
    return block;
  }

 private:
  const HalfFlat& half_;
};

/// A few queries over all rows.
class HalfFlat::Pass {
 public:
  Pass(const HalfFlat& half, MatrixView queries, const SearchOptions& options)
      : half_(half), blocks_(half), distances_(half.metric_, queries), options_(options) {}

  std::vector<SearchResult> run() const {
    const std::size_t queries = distances_.queries().rows;
    Workers workers{Worker{std::vector(queries, Nearest(options_.within)), {}, {}}};
    workers.each(blocks_.block_count(), options_.threads,
                 [&](std::size_t i, Worker& worker) { scan(i, worker); });
    std::vector<SearchResult> results(queries);
    for (std::size_t q = 0; q < queries; ++q) {
      auto& neighbors = results[q].neighbors;
      for (Worker& worker : workers.all()) {
        const auto& heap = worker.nearest[q].heap();
        neighbors.insert(neighbors.end(), heap.begin(), heap.end());
      }
      std::sort(neighbors.begin(), neighbors.end());
      neighbors.resize(std::min(options_.k, neighbors.size()));
      results[q].rows_read = half_.ids_.size();
    }
    return results;
  }

 private:
  void scan(std::size_t i, Worker& worker) const {
    const RowBlock block = blocks_.keys(i);
    const Half* values = half_.values_.data() + i * half_.block_rows_ * half_.width_;
    worker.scratch.scales.clear();
    for (std::size_t q = 0; q < worker.nearest.size(); ++q) {
      distances_.measure(q, values, block.rows, worker.scratch);
      if (!options_.filter) {
        worker.nearest[q].offer(block.ids, worker.scratch.distances, options_.k);
        continue;
      }
      worker.ids.clear();
      for (std::size_t r = 0; r < block.rows; ++r) {
        if (!options_.filter(block.ids[r])) continue;
        worker.scratch.distances[worker.ids.size()] = worker.scratch.distances[r];
        worker.ids.push_back(block.ids[r]);
      }
      const std::span<const float> wanted(worker.scratch.distances.data(), worker.ids.size());
      worker.nearest[q].offer(worker.ids.data(), wanted, options_.k);
    }
  }

  const HalfFlat& half_;
  Widened blocks_;
  Distances distances_;
  const SearchOptions& options_;
};

HalfFlat::HalfFlat(const RowSource& source, Metric metric)
    : metric_(metric),
      width_(source.width()),
      block_rows_(std::max<std::size_t>(1, kBlockBytes / (sizeof(Half) * width_))) {
  const std::uint64_t rows = living_rows(source);
  ids_.reserve(rows);
  values_.reserve(rows * width_);
  for (std::size_t b = 0; b < source.block_count(); ++b) {
    const RowBlock block = source.block(b);
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.dead != nullptr && block.dead[r] != 0) continue;
      for (const float value : std::span(block.values + r * width_, width_)) {
        if (!(std::abs(value) < kMost)) {
          throw Error(ErrorCode::invalid_argument,
                      "row " + std::to_string(block.ids[r]) + " has the number " +
                          std::to_string(value) +
                          "; half precision ends at 65504, so keep such rows as float32");
        }
        values_.push_back(half_of(value));
      }
      ids_.push_back(block.ids[r]);
    }
  }
}

SearchResult HalfFlat::search(std::span<const float> query, const SearchOptions& options) const {
  return std::move(search_batch({query.data(), 1, query.size()}, options).front());
}

std::vector<SearchResult> HalfFlat::search_batch(MatrixView queries,
                                                 const SearchOptions& options) const {
  check_search(queries, width_, options);
  if (queries.rows <= kFewQueries) return Pass(*this, queries, options).run();
  return Flat(std::make_shared<const Widened>(*this), metric_).search_batch(queries, options);
}

}  // namespace alike::index
