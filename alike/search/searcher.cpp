#include "alike/search/searcher.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

#include "alike/base/error.h"
#include "alike/index/flat/flat.h"
#include "alike/search/example_rows.h"

namespace alike::search {
namespace {

using collection::ItemId;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargestK = 1'000'000;
constexpr std::size_t kVectorsAtOnce = 1024;
/// Ids that one call may ask for: 4 GiB of them.
constexpr std::size_t kLargestAnswer = std::size_t{1} << 29;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

void check_bounds(const Query& query) {
  if (query.k < 1 || query.k > kLargestK) {
    refuse("k is " + std::to_string(query.k) + "; it must be from 1 to " +
           std::to_string(kLargestK));
  }
  if (query.threads < 1) {
    refuse("threads is " + std::to_string(query.threads) + "; it must be at least 1");
  }
  if (!(query.recall > 0 && query.recall <= 1)) {
    refuse("recall is " + std::to_string(query.recall) + "; it must be above 0 and at most 1");
  }
}

/// How the index is searched for `query`.
index::SearchOptions search_options(const Query& query, index::Filter filter) {
  return {.k = query.k,
          .threads = query.threads,
          .filter = std::move(filter),
          .within = query.within,
          .recall = query.recall};
}

void check(const Query& query) {
  check_bounds(query);
  const auto positive = [](const Example& example) { return example.positive; };
  if (std::none_of(query.examples.begin(), query.examples.end(), positive)) {
    refuse(query.examples.empty() ? "the query has no example; give a picture file or id:N"
                                  : "the query has examples against only; add one for");
  }
  if (!query.region) return;
  const auto& [x, y, width, height] = *query.region;
  if (!std::isfinite(x + y + width + height) || x < 0 || y < 0 || width <= 0 || height <= 0) {
    refuse("the region " + std::to_string(x) + "," + std::to_string(y) + "," +
           std::to_string(width) + "," + std::to_string(height) +
           " is not inside a picture; give x,y,width,height in its pixels");
  }
}

/// Which items may be answered.
struct Wanted {
  Wanted(const collection::View& view, const Query& query) {
    std::set<ItemId> examples;
    for (const Example& example : query.examples) {
      if (example.kind == Example::Kind::item) examples.insert(example.id);
    }
    const auto is_other = [examples](ItemId id) { return !examples.contains(id); };
    if (!examples.empty()) others = is_other;
    not_others = examples.size();
    all = others;
    if (query.where.empty()) return;
    std::vector<ItemId> matching = view.matching(query.where);
    std::erase_if(matching, std::not_fn(is_other));
    all = index::Filter::of(std::move(matching));
  }
  /// How many of `rows` rows may be answered.
  std::uint64_t count(std::uint64_t rows) const {
    return all.is_set() ? all.ids().size() : rows - not_others;
  }

  index::Filter others;  ///< Everything but the examples themselves.
  index::Filter all;     ///< Those of them that match.
  std::uint64_t not_others = 0;
};

/// The index that answers `query`.
collection::SpaceIndex index_for(const collection::View& view, const collection::Space& space,
                                 const Query& query) {
  collection::SpaceIndex answering = view.index(space.name);
  if (query.exact) {
    answering.index = std::make_unique<const index::Flat>(answering.rows, space.metric);
    answering.kind = collection::IndexKind::flat;
  }
  return answering;
}

/// The items of `neighbors`, as far as the catalog has them.
std::vector<Result> ranked(const collection::View& view,
                           const std::vector<index::Neighbor>& neighbors,
                           const RelevanceLine& line) {
  std::vector<ItemId> ids;
  for (const auto& neighbor : neighbors) ids.push_back(neighbor.id);
  std::vector<collection::Item> items = view.items(ids);
  std::vector<Result> results;
  auto neighbor = neighbors.begin();
  for (auto& item : items) {
    while (neighbor->id != item.id) ++neighbor;
    Result result;
    result.rank = static_cast<int>(results.size()) + 1;
    result.item = std::move(item);
    result.distance = neighbor->distance;
    result.relevant = line.known && result.distance <= line.distance;
    results.push_back(std::move(result));
  }
  return results;
}

float score(float distance, index::Metric metric) {
  return metric == index::Metric::cosine ? 1 - distance : 0 - distance;
}

}  // namespace

struct Searcher::State {
  State(std::shared_ptr<const collection::Collection> searched, int streams)
      : collection(std::move(searched)), examples(collection, streams) {}

  /// Made once while the rows of the space stay the same: it costs as much as a search does.
  std::shared_ptr<const Strangers> strangers(const collection::Space& space,
                                             const std::shared_ptr<const index::RowSource>& rows) {
    {
      const std::lock_guard lock(mutex);
      const auto found = kept.find(space.name);
      if (found != kept.end() && found->second.first == rows) return found->second.second;
    }
    auto made = std::make_shared<const Strangers>(rows, space.metric);
    const std::lock_guard lock(mutex);
    kept[space.name] = {rows, made};
    return made;
  }

  std::shared_ptr<const collection::Collection> collection;
  ExampleRows examples;
  std::mutex mutex;
  /// Of each space that was searched: its rows, and the `Strangers` made of them.
  std::map<std::string,
           std::pair<std::shared_ptr<const index::RowSource>, std::shared_ptr<const Strangers>>>
      kept;
};

Searcher::Searcher(std::shared_ptr<const collection::Collection> collection, int streams)
    : state_(std::make_unique<State>(std::move(collection), streams)) {}

Searcher::~Searcher() = default;

Results Searcher::search(const Query& query) const {
  check(query);
  return collection::read(*state_->collection,
                          [&](const collection::View& view) { return search(query, view); });
}

Results Searcher::search(const Query& query, const collection::View& view) const {
  const auto start = Clock::now();
  check(query);
  Results found;
  found.space = view.space(query.space);
  const auto row = state_->examples.row(query, found.space, view);
  found.timings.encode_ms = milliseconds_since(start);

  const auto search_start = Clock::now();
  const index::Metric metric = found.space.metric;
  const Wanted wanted(view, query);
  const auto answering = index_for(view, found.space, query);
  const auto answer = answering.index->search(row, search_options(query, wanted.all));
  found.index = answer.scanned ? collection::IndexKind::flat : answering.kind;
  found.rows_read = answer.rows_read;
  found.codes_read = answer.codes_read;
  found.candidates =
      answer.codes_read > 0 ? wanted.count(answering.index->size()) : answer.rows_read;
  const auto strangers = state_->strangers(found.space, answering.rows);
  found.line = relevance_line(strangers->background(row, wanted.others), metric);
  found.results = ranked(view, answer.neighbors, found.line);
  for (Result& result : found.results) {
    result.score = score(result.distance, metric);
    if (result.relevant) ++found.relevant;
  }
  found.timings.search_ms = milliseconds_since(search_start);
  found.timings.total_ms = milliseconds_since(start);
  return found;
}

std::vector<float> Searcher::row(const Query& query) const {
  check(query);
  return collection::read(*state_->collection,
                          [&](const collection::View& view) { return row(query, view); });
}

std::vector<float> Searcher::row(const Query& query, const collection::View& view) const {
  check(query);
  return state_->examples.row(query, view.space(query.space), view);
}

std::vector<std::int64_t> Searcher::search_vectors(MatrixView queries, const Query& query) const {
  check_bounds(query);
  if (queries.rows > kLargestAnswer / query.k) {
    refuse("k = " + std::to_string(query.k) + " for " + std::to_string(queries.rows) +
           " queries is more than " + std::to_string(kLargestAnswer) +
           " ids; ask for fewer at a time");
  }
  const auto [answering, wanted, pca] =
      collection::read(*state_->collection, [&](const collection::View& view) {
        const auto& space = view.space(query.space);
        return std::tuple{index_for(view, space, query), Wanted(view, query), view.pca(space.name)};
      });
  Matrix reduced;
  if (pca && queries.width == pca->input_width()) {
    reduced = Matrix(queries.rows, pca->output_width());
    for (std::size_t i = 0; i < queries.rows; ++i) pca->apply(queries.row(i), reduced.row(i));
    queries = reduced;
  }
  std::vector<std::int64_t> ids(queries.rows * query.k, -1);
  for (std::size_t begin = 0; begin < queries.rows; begin += kVectorsAtOnce) {
    const MatrixView some{queries.data + begin * queries.width,
                          std::min(kVectorsAtOnce, queries.rows - begin), queries.width};
    const auto answers = answering.index->search_batch(some, search_options(query, wanted.all));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      std::transform(answers[i].neighbors.begin(), answers[i].neighbors.end(),
                     ids.begin() + static_cast<std::ptrdiff_t>((begin + i) * query.k),
                     [](const index::Neighbor& neighbor) { return neighbor.id; });
    }
  }
  return ids;
}

}  // namespace alike::search
