#include "alike/index/live/live_index.h"

#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numeric>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_file.h"
#include "alike/index/graph/graph_index.h"
#include "alike/index/live/live_file.h"
#include "alike/index/live/live_rows.h"
#include "alike/index/rows/blocks_of.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kNewShare = 10;  // one row in so many is new: the graph takes them in
constexpr std::uint64_t kDeadShare = 8;  // one row in so many is dead: they go

/// All that a search needs; never changed once published.
struct Moment {
  std::shared_ptr<const LiveRows> rows;
  std::shared_ptr<const Graph> graph;  // null: none yet
  std::size_t graph_blocks = 0;        // the first blocks, which it is of
  std::unique_ptr<const VectorIndex> index;
};

std::shared_ptr<const RowSource> blocks_from(const std::shared_ptr<const LiveRows>& rows,
                                             std::size_t begin, std::size_t end) {
  std::vector<std::size_t> blocks(end - begin);
  std::iota(blocks.begin(), blocks.end(), begin);
  return std::make_shared<BlocksOf>(rows, std::move(blocks));
}

void check_rows(std::span<const std::int64_t> ids, MatrixView rows, std::size_t width) {
  const auto refuse = [](const std::string& sentence) {
    throw Error(ErrorCode::invalid_argument, sentence);
  };
  require_for_each_row(ids.size(), "ids", rows.rows);
  if (rows.rows > 0 && rows.width != width) {
    refuse("the rows have " + std::to_string(rows.width) + " numbers, those of the index " +
           std::to_string(width));
  }
  std::unordered_set<std::int64_t> seen;
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const auto row = rows.row(r);
    const auto odd = std::ranges::find_if(row, [](float value) { return !std::isfinite(value); });
    if (odd != row.end()) {
      refuse("row " + std::to_string(r) + " has " + std::to_string(*odd) + " at number " +
             std::to_string(odd - row.begin()) + "; rows must be finite");
    }
    if (!seen.insert(ids[r]).second) {
      refuse("row " + std::to_string(r) + " has the id " + std::to_string(ids[r]) +
             ", which a row before it has too");
    }
  }
}

}  // namespace

struct LiveIndex::State {
  State(std::size_t row_width, Metric of_metric, LiveOptions how)
      : width(row_width), metric(of_metric), options(how) {}

  std::size_t width;
  Metric metric;
  LiveOptions options;
  mutable std::mutex moment_mutex;
  std::shared_ptr<const Moment> moment;

  std::mutex writing;  // guards the members below
  std::unordered_map<std::int64_t, LiveRows::Place> places;
  bool places_stale = false;  ///< A change failed that had begun to move them.

  std::shared_ptr<const Moment> now() const {
    const std::lock_guard lock(moment_mutex);
    return moment;
  }
  void publish(LiveRows rows, std::shared_ptr<const Graph> graph, std::size_t graph_blocks) {
    auto next = std::make_shared<Moment>();
    next->rows = std::make_shared<const LiveRows>(std::move(rows));
    next->graph = std::move(graph);
    next->graph_blocks = graph_blocks;
    const std::size_t blocks = next->rows->block_count();
    if (next->graph == nullptr) {
      next->index = std::make_unique<const Flat>(next->rows, metric);
    } else {
      next->index = std::make_unique<const GraphIndex>(
          blocks_from(next->rows, 0, graph_blocks), next->graph,
          graph_blocks < blocks ? blocks_from(next->rows, graph_blocks, blocks) : nullptr);
    }
    const std::lock_guard lock(moment_mutex);
    moment = std::move(next);
  }
  /// Finds the places of all rows that are there anew.
  void find_places(const LiveRows& rows) {
    places.clear();
    for (std::size_t b = 0; b < rows.block_count(); ++b) {
      const RowBlock block = rows.keys(b);
      for (std::size_t r = 0; r < block.rows; ++r) {
        if (block.dead == nullptr || block.dead[r] == 0) places[block.ids[r]] = {b, r};
      }
    }
  }
  /// Takes out the dead rows. Nothing else must have a place in `rows`.
  void drop_dead(LiveRows& rows, std::shared_ptr<const Graph>& graph, std::size_t& graph_blocks) {
    LiveRows kept(width);
    kept.append_alive(rows, 0, graph_blocks, 0);
    const std::size_t kept_graph_blocks = kept.block_count();
    kept.append_alive(rows, graph_blocks, rows.block_count(), kept_graph_blocks);
    if (graph != nullptr) {
      std::vector<bool> gone;
      for (std::size_t b = 0; b < graph_blocks; ++b) {
        const RowBlock block = rows.keys(b);
        for (std::size_t r = 0; r < block.rows; ++r) {
          gone.push_back(block.dead != nullptr && block.dead[r] != 0);
        }
      }
      auto fewer =
          std::make_shared<Graph>(without_nodes(*graph, gone, options.graph, options.threads));
      measure_recall(*fewer,
                     blocks_from(std::make_shared<const LiveRows>(kept), 0, kept_graph_blocks),
                     options.threads);
      graph = std::move(fewer);
    }
    rows = std::move(kept);
    graph_blocks = kept_graph_blocks;
    find_places(rows);
  }
  /// Publishes `rows`, which come after `before`, and a due graph: it takes in new rows, dead ones
  /// go. Where that fails all is as it was.
  void settle(LiveRows rows, std::shared_ptr<const Moment> before) {
    auto graph = before->graph;
    std::size_t graph_blocks = before->graph_blocks;
    before.reset();  // so that it goes once the next one is there
    const bool drop = rows.dead() > 0 && rows.dead() * kDeadShare >= rows.rows();
    if (drop) drop_dead(rows, graph, graph_blocks);
    const std::uint64_t in_graph = graph != nullptr ? graph->links.nodes : 0;
    const std::uint64_t more = rows.rows() - in_graph;
    const bool due =
        graph != nullptr ? more * kNewShare >= rows.rows() : more >= options.graph_rows;
    const bool grow = due && more > 0;
    if (grow) {
      const auto all = std::make_shared<const LiveRows>(rows);
      auto grown = std::make_shared<Graph>(
          make_graph(*all, metric, options.graph, options.threads, graph.get()));
      measure_recall(*grown, all, options.threads);
      graph = std::move(grown);
      graph_blocks = rows.block_count();
    }
    publish(std::move(rows), std::move(graph), graph_blocks);
    // Rows were there twice, or a graph was made; glibc would keep that memory.
    if (drop || grow) malloc_trim(0);
  }
};

/// A change of the places, for as long as it lives; where it ends before it is `done`, the next one
/// finds all places anew.
class LiveIndex::Change {
 public:
  explicit Change(State& state) : state_(state) {
    if (state.places_stale) state.find_places(*state.now()->rows);
    state.places_stale = true;
  }
  void done() { state_.places_stale = false; }

 private:
  State& state_;
};

LiveIndex::LiveIndex(std::size_t width, Metric metric, LiveOptions options)
    : LiveIndex(std::make_unique<State>(width, metric, options)) {
  if (width == 0) throw Error(ErrorCode::invalid_argument, "the width of an index is 0");
  state_->publish(LiveRows(width), nullptr, 0);
}

LiveIndex::LiveIndex(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiveIndex::LiveIndex(LiveIndex&&) noexcept = default;
LiveIndex::~LiveIndex() = default;

LiveIndex LiveIndex::open(const std::filesystem::path& file, LiveOptions options) {
  LiveFile read = read_live_file(file);
  auto state = std::make_unique<State>(read.rows.width(), read.metric, options);
  state->find_places(read.rows);
  state->publish(std::move(read.rows), std::move(read.graph), read.graph_blocks);
  return LiveIndex(std::move(state));
}

void LiveIndex::add(std::span<const std::int64_t> ids, MatrixView rows) {
  check_rows(ids, rows, state_->width);
  if (ids.empty()) return;
  const std::lock_guard lock(state_->writing);
  Change change(*state_);
  auto now = state_->now();
  LiveRows next = *now->rows;
  std::vector<LiveRows::Place> replaced;
  for (const std::int64_t id : ids) {
    const auto found = state_->places.find(id);
    if (found != state_->places.end()) replaced.push_back(found->second);
  }
  next.bury(replaced);
  const auto places = next.append(ids, rows, now->graph_blocks);
  for (std::size_t i = 0; i < ids.size(); ++i) state_->places[ids[i]] = places[i];
  state_->settle(std::move(next), std::move(now));
  change.done();
}

std::size_t LiveIndex::remove(std::span<const std::int64_t> ids) {
  const std::lock_guard lock(state_->writing);
  Change change(*state_);
  auto now = state_->now();
  std::vector<LiveRows::Place> gone;
  for (const std::int64_t id : ids) {
    const auto found = state_->places.find(id);
    if (found == state_->places.end()) continue;
    gone.push_back(found->second);
    state_->places.erase(found);
  }
  if (!gone.empty()) {
    LiveRows next = *now->rows;
    next.bury(gone);
    state_->settle(std::move(next), std::move(now));
  }
  change.done();
  return gone.size();
}

void LiveIndex::save(const std::filesystem::path& file) {
  const std::lock_guard lock(state_->writing);
  if (const auto now = state_->now(); now->rows->dead() > 0) {
    Change change(*state_);
    LiveRows rows = *now->rows;
    auto graph = now->graph;
    std::size_t graph_blocks = now->graph_blocks;
    state_->drop_dead(rows, graph, graph_blocks);
    state_->publish(std::move(rows), std::move(graph), graph_blocks);
    change.done();
  }
  const auto now = state_->now();
  write_live_file(file, state_->metric, *now->rows, now->graph.get(), now->graph_blocks);
}

Metric LiveIndex::metric() const { return state_->metric; }
std::size_t LiveIndex::width() const { return state_->width; }
std::uint64_t LiveIndex::size() const {
  const auto now = state_->now();
  return now->rows->rows() - now->rows->dead();
}

SearchResult LiveIndex::search(std::span<const float> query, const SearchOptions& options) const {
  return state_->now()->index->search(query, options);
}

std::vector<SearchResult> LiveIndex::search_batch(MatrixView queries,
                                                  const SearchOptions& options) const {
  return state_->now()->index->search_batch(queries, options);
}

}  // namespace alike::index
