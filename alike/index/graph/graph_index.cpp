#include "alike/index/graph/graph_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "alike/base/parallel.h"
#include "alike/index/flat/distances.h"
#include "alike/index/flat/flat.h"
#include "alike/index/kernels/i8_dot.h"
#include "alike/index/rows/nearest.h"
#include "alike/index/rows/row_of_id.h"
#include "alike/index/rows/workers.h"

namespace alike::index {
namespace {

constexpr std::size_t kPieceQueries = 32;  // reduced together
constexpr std::size_t kSample = 512;       // nodes that tell how many pass a filter
constexpr std::size_t kScanRows = 256;     // estimated together
constexpr std::size_t kScanReread = 5;     // times k rows are measured after a scan, at least
// Of a row that is read next: the processor goes on by itself. Few rows that are read for each
// query are near it already.
constexpr std::size_t kPrefetchBytes = 4096, kFewPrefetchBytes = 128;

/// Estimates that a walk makes, each about as dear as three of a scan (docs/results.md).
double walk_cost(double beam) { return 3 * (200 + 14 * beam); }
/// The cost of reading a row in full, in estimates of a scan: by its bytes, or where they are few
/// by the work for each.
double row_cost(std::size_t width, std::size_t stride) {
  return std::max(0.25, static_cast<double>(width * sizeof(float)) / static_cast<double>(stride));
}
/// The beam of a walk that looks for `k` neighbours.
std::size_t beam_of(const Graph& graph, const SearchOptions& options) {
  const double tens = std::max(1.0, static_cast<double>(options.k) / 10);
  const auto own =
      static_cast<std::size_t>(tens * static_cast<double>(graph.beam_for(options.recall)));
  return std::min(std::max(options.k, options.beam > 0 ? options.beam : own), graph.links.nodes);
}

/// The state of one thread from query to query.
struct Worker {
  Walk walk;
  Distances::Scratch scratch;
  std::vector<Reached> found;  // nearest first
  std::vector<std::int32_t> products;
};

/// Which nodes may be answered, and how to look for them.
class Selection {
 public:
  Selection(const RowSource& rows, const RowOfId& places, std::size_t nodes, std::uint64_t alive,
            const SearchOptions& options)
      : rows_(rows), places_(places), count_(nodes), filter_(options.filter) {
    all_ = alive == nodes && !filter_;
    if (all_ || nodes == 0) return;
    if (filter_.is_set()) alive = std::min<std::uint64_t>(alive, filter_.ids().size());
    share_ = static_cast<double>(alive) / static_cast<double>(nodes);
    if (!filter_ || filter_.is_set()) return;
    const std::size_t sample = std::min(kSample, nodes);
    std::size_t passing = 0;
    for (std::size_t i = 0; i < sample; ++i) {
      passing += wanted(static_cast<Node>(i * nodes / sample)) ? 1U : 0U;
    }
    share_ = static_cast<double>(passing) / static_cast<double>(sample);
  }

  bool wanted(Node node) const {
    if (all_) return true;
    const auto [block, row] = places_.place(node);
    return passes(rows_.keys(block), row);
  }
  /// The beam of which `beam` nodes pass, about.
  double widened(std::size_t beam) const {
    const auto wanted = static_cast<double>(beam);
    return all_ ? wanted : std::ceil(1.2 * wanted / std::max(share_, 1e-4));
  }
  /// Whether reading all that pass is cheaper than a walk.
  bool few(std::size_t beam) const {
    return share_ * static_cast<double>(count_) <= walk_cost(widened(beam));
  }
  std::vector<Node> passing() const {
    if (filter_.is_set()) return places_.find(filter_.ids());
    std::vector<Node> nodes;
    for (std::size_t b = 0; b < rows_.block_count(); ++b) {
      const RowBlock keys = rows_.keys(b);
      for (std::size_t r = 0; r < keys.rows; ++r) {
        if (passes(keys, r)) nodes.push_back(places_.first_of(b) + static_cast<Node>(r));
      }
    }
    return nodes;
  }

 private:
  bool passes(const RowBlock& keys, std::size_t row) const {
    if (keys.dead != nullptr && keys.dead[row] != 0) return false;
    return !filter_ || filter_(keys.ids[row]);
  }

  const RowSource& rows_;
  const RowOfId& places_;
  std::size_t count_;
  const Filter& filter_;
  bool all_ = true;
  double share_ = 1;  // of the nodes, that pass
};

/// Some queries of one call.
class Pass {
 public:
  Pass(const RowSource& rows, const Graph& graph, const RowOfId& places, std::uint64_t alive,
       MatrixView queries, std::span<const Node> without, const SearchOptions& options)
      : rows_(rows),
        graph_(graph),
        distances_(graph.reduction.metric(), queries),
        without_(without),
        options_(options),
        places_(places),
        selection_(rows, places, graph.links.nodes, alive, options) {
    beam_ = beam_of(graph, options);
    scan_all_ = selection_.few(beam_);
    if (scan_all_) passing_ = selection_.passing();
  }

  std::vector<SearchResult> run() {
    const MatrixView queries = distances_.queries();
    std::vector<SearchResult> results(queries.rows);
    Workers workers{Worker{}};
    parallel_for(
        queries.rows, kPieceQueries, options_.threads, [&](std::size_t begin, std::size_t end) {
          Worker worker = workers.take();
          answer(begin, {queries.row(begin).data(), end - begin, queries.width}, worker, results);
          workers.give_back(std::move(worker));
        });
    return results;
  }

 private:
  /// Answers `queries`, of which the first is number `first`.
  void answer(std::size_t first, MatrixView queries, Worker& worker,
              std::vector<SearchResult>& results) const {
    if (scan_all_ && passing_.size() <= graph_.reduction.parts().dimensions) {
      for (std::size_t i = 0; i < queries.rows; ++i) measure_passing(first + i, worker, results);
      return;
    }
    const auto reduced = graph_.reduction.queries(queries);
    for (std::size_t i = 0; i < queries.rows; ++i) {
      results[first + i] = answer(first + i, reduced[i], worker);
    }
  }

  /// Measures all that pass, where that is less work than to reduce the query.
  void measure_passing(std::size_t q, Worker& worker, std::vector<SearchResult>& results) const {
    worker.found.clear();
    worker.found.reserve(passing_.size());
    for (const Node node : passing_) {
      if (without_.empty() || node != without_[q]) worker.found.push_back({0, node});
    }
    measure(q, worker, results[q], kFewPrefetchBytes, [](const auto&, float) { return false; });
  }

  SearchResult answer(std::size_t q, const ReducedQuery& query, Worker& worker) const {
    SearchResult result;
    if (!scan_all_) {
      walk(q, query, worker, result);
      // Fewer would mean that the rows of the filter lie elsewhere.
      if (worker.found.size() >= beam_) {
        worker.found.resize(beam_);
        reread(q, query, worker, result);
        return result;
      }
    }
    scan(query, scan_all_ ? passing_ : selection_.passing(), worker, result);
    if (!without_.empty()) {
      std::erase_if(worker.found, [&](const Reached& r) { return r.node == without_[q]; });
    }
    reread(q, query, worker, result);
    return result;
  }

  void walk(std::size_t q, const ReducedQuery& query, Worker& worker, SearchResult& result) const {
    const auto beam = static_cast<std::size_t>(selection_.widened(beam_));
    worker.walk.run(graph_.view(), query, beam, without_.empty() ? kNoNode : without_[q]);
    result.codes_read += worker.walk.estimates();
    result.hops += worker.walk.hops();
    worker.found.clear();
    for (const Reached& reached : worker.walk.found()) {
      if (selection_.wanted(reached.node)) worker.found.push_back(reached);
    }
  }

  /// Finds the nearest of `nodes` by their estimates.
  void scan(const ReducedQuery& query, std::span<const Node> nodes, Worker& worker,
            SearchResult& result) const {
    const std::size_t most = std::max(beam_, kScanReread * options_.k);
    const std::size_t stride = graph_.reduction.stride();
    auto& found = worker.found;
    found.clear();
    worker.products.resize(kScanRows);
    Reached limit{std::numeric_limits<float>::infinity(), kNoNode};
    for (std::size_t i = 0; i < nodes.size(); i += kScanRows) {
      const auto some = nodes.subspan(i, std::min(kScanRows, nodes.size() - i));
      i8_dot()(reinterpret_cast<const std::int8_t*>(query.values.data()), graph_.rows.data(),
               stride, some.data(), some.size(), worker.products.data());
      for (std::size_t j = 0; j < some.size(); ++j) {
        const std::uint8_t* row = graph_.rows.data() + some[j] * stride;
        const Reached next{graph_.reduction.distance(query, row, worker.products[j]), some[j]};
        if (next < limit) found.push_back(next);
      }
      if (found.size() >= 4 * most) limit = keep_nearest(found, most);
    }
    keep_nearest(found, most);
    std::sort(found.begin(), found.end());
    result.codes_read += nodes.size();
  }

  /// Leaves the nearest `most`; returns the first one that went, or the farthest left.
  static Reached keep_nearest(std::vector<Reached>& found, std::size_t most) {
    if (found.size() <= most) return {std::numeric_limits<float>::infinity(), kNoNode};
    const auto last = found.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(found.begin(), last, found.end());
    const Reached limit = *last;
    found.erase(last, found.end());
    return limit;
  }

  /// Measures the nodes found, except those excluded by a lower bound.
  void reread(std::size_t q, const ReducedQuery& query, Worker& worker,
              SearchResult& result) const {
    measure(q, worker, result, kPrefetchBytes,
            [&](const Reached& reached, float limit) { return excluded(reached, query, limit); });
  }

  /// Answers the nearest of the nodes found, read in their order except where `is_excluded`;
  /// `ahead` bytes of the next row are fetched meanwhile.
  void measure(std::size_t q, Worker& worker, SearchResult& result, std::size_t ahead,
               const auto& is_excluded) const {
    Nearest nearest(options_.within);
    const std::size_t count = worker.found.size();
    Located next = count > 0 ? located(worker.found[0].node) : Located{};
    for (std::size_t i = 0; i < count; ++i) {
      const Located row = next;
      if (i + 1 < count) {
        next = located(worker.found[i + 1].node);
        prefetch(next.values, ahead);
      }
      if (is_excluded(worker.found[i], nearest.limit(options_.k))) continue;
      worker.scratch.scales.clear();
      distances_.measure(q, row.values, 1, worker.scratch);
      nearest.offer(rows_.keys(row.block).ids + row.row, worker.scratch.distances, options_.k);
      ++result.rows_read;
    }
    result.neighbors = std::move(nearest.heap());
    std::sort(result.neighbors.begin(), result.neighbors.end());
  }

  struct Located {
    std::size_t block = 0, row = 0;
    const float* values = nullptr;
  };
  Located located(Node node) const {
    const auto [block, row] = places_.place(node);
    return {block, row, rows_.values(block, row)};
  }

  void prefetch(const float* row, std::size_t most) const {
    const auto* values = reinterpret_cast<const char*>(row);
    const std::size_t bytes = std::min(most, rows_.width() * sizeof(float));
    for (std::size_t at = 0; at < bytes; at += kByteAlign) __builtin_prefetch(values + at);
  }

  /// Whether a row is surely farther than `limit`, but for rounding beyond four deviations.
  bool excluded(const Reached& reached, const ReducedQuery& query, float limit) const {
    const std::uint8_t* row = graph_.rows.data() + reached.node * graph_.reduction.stride();
    const float scale = graph_.reduction.scale_of(row);
    const float reach = l2_of(limit) + Reduction::rounding(query, scale);
    return graph_.reduction.least(reached.distance, query, row) > reach * reach;
  }

  /// The l2 distance that estimates are of; infinite where they are of another scale.
  float l2_of(float distance) const {
    switch (graph_.reduction.metric()) {
      case Metric::cosine: return std::sqrt(2 * std::max(0.0F, distance));
      case Metric::l2: return std::max(0.0F, distance);
      case Metric::inner_product: break;
    }
    return std::numeric_limits<float>::infinity();
  }

  const RowSource& rows_;
  const Graph& graph_;
  Distances distances_;
  std::span<const Node> without_;
  const SearchOptions& options_;
  const RowOfId& places_;
  Selection selection_;
  std::size_t beam_ = 0;
  bool scan_all_ = false;
  std::vector<Node> passing_;
};

/// Adds the neighbours of `more` to `result`.
void merge(SearchResult& result, SearchResult more, std::size_t k) {
  auto& all = result.neighbors;
  const auto middle = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), more.neighbors.begin(), more.neighbors.end());
  std::inplace_merge(all.begin(), all.begin() + middle, all.end());
  all.resize(std::min(all.size(), k));
  result.rows_read += more.rows_read;
}

}  // namespace

GraphIndex::GraphIndex(std::shared_ptr<const RowSource> nodes, std::shared_ptr<const Graph> graph,
                       std::shared_ptr<const RowSource> rest)
    : nodes_(std::move(nodes)),
      graph_(std::move(graph)),
      rest_(std::move(rest)),
      places_(std::make_unique<const RowOfId>(nodes_)),
      alive_(living_rows(*nodes_)) {}

GraphIndex::~GraphIndex() = default;

std::size_t GraphIndex::width() const { return nodes_->width(); }

std::uint64_t GraphIndex::size() const { return alive_ + (rest_ ? living_rows(*rest_) : 0); }

SearchResult GraphIndex::search(std::span<const float> query, const SearchOptions& options) const {
  return std::move(search_batch({query.data(), 1, query.size()}, options).front());
}

std::vector<SearchResult> GraphIndex::search_batch(MatrixView queries,
                                                   const SearchOptions& options) const {
  auto results = search_batch_without(queries, {}, options);
  if (!rest_) return results;
  auto more = Flat(rest_, graph_->reduction.metric()).search_batch(queries, options);
  for (std::size_t q = 0; q < results.size(); ++q) merge(results[q], std::move(more[q]), options.k);
  return results;
}

bool GraphIndex::scans(const SearchOptions& options) const {
  if (options.beam > 0) return false;
  if (!graph_->reaches(options.recall)) return true;
  const double all =
      static_cast<double>(graph_->links.nodes) * row_cost(width(), graph_->reduction.stride());
  return walk_cost(static_cast<double>(beam_of(*graph_, options))) > all;
}

std::vector<SearchResult> GraphIndex::scan(MatrixView queries, std::span<const Node> without,
                                           SearchOptions options) const {
  const std::size_t k = options.k;
  if (!without.empty()) ++options.k;
  auto results = Flat(nodes_, graph_->reduction.metric()).search_batch(queries, options);
  for (std::size_t q = 0; q < results.size(); ++q) {
    auto& [neighbors, rows_read, codes_read, hops, scanned] = results[q];
    scanned = true;
    if (without.empty()) continue;
    const auto [block, row] = places_->place(without[q]);
    const std::int64_t own = nodes_->keys(block).ids[row];
    std::erase_if(neighbors, [&](const Neighbor& each) { return each.id == own; });
    neighbors.resize(std::min(neighbors.size(), k));
  }
  return results;
}

std::vector<SearchResult> GraphIndex::search_batch_without(MatrixView queries,
                                                           std::span<const Node> without,
                                                           const SearchOptions& options) const {
  check_search(queries, width(), options);
  if (scans(options)) return scan(queries, without, options);
  return Pass(*nodes_, *graph_, *places_, alive_, queries, without, options).run();
}

}  // namespace alike::index
