#include "alike/map/space_rows.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "alike/base/error.h"
#include "alike/encode/embedding.h"

namespace alike::map {
namespace {

constexpr std::size_t kQueries = 1024;  ///< Rows whose neighbours are looked for at once.

/// The first half of a content hash; 0 for an imported row, which has none and never changes.
std::uint64_t content_of(const collection::Item& item) {
  std::uint64_t half = 0;
  const auto digits = std::min<std::size_t>(16, item.hash.size());
  std::from_chars(item.hash.data(), item.hash.data() + digits, half, 16);
  return half;
}

/// Ids of the living rows, in their order.
std::vector<std::int64_t> living_ids(const index::RowSource& rows) {
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < rows.block_count(); ++i) {
    const index::RowBlock block = rows.keys(i);
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.dead == nullptr || block.dead[r] == 0) ids.push_back(block.ids[r]);
    }
  }
  return ids;
}

void take_labels(const std::vector<std::string>& labels, SpaceRows& rows) {
  rows.label_names = labels;
  std::ranges::sort(rows.label_names);
  rows.label_names.erase(std::unique(rows.label_names.begin(), rows.label_names.end()),
                         rows.label_names.end());
  if (!rows.label_names.empty() && rows.label_names[0].empty()) {
    rows.label_names.erase(rows.label_names.begin());
  }
  for (const auto& label : labels) {
    const auto found = std::ranges::lower_bound(rows.label_names, label);
    const auto place = static_cast<std::int32_t>(found - rows.label_names.begin());
    rows.labels.push_back(label.empty() ? -1 : place);
  }
}

/// The table of (row, k) that a search of every row by every row fills.
class Table {
 public:
  Table(const SpaceRows& rows, std::size_t k) : ids_(rows.ids), places_(rows.ids.size()) {
    table_.rows = rows.size();
    table_.k = k;
    table_.places.resize(table_.rows * k);
    table_.distances.resize(table_.rows * k);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      places_[i] = {ids_[i], static_cast<std::uint32_t>(i)};
    }
    std::ranges::sort(places_);
  }

  void keep(std::size_t row, std::vector<index::Neighbor> found) {
    std::erase_if(found, [&](const index::Neighbor& each) { return each.id == ids_[row]; });
    if (found.size() < table_.k) {
      throw Error(ErrorCode::corrupt,
                  "the graph of the space finds too few neighbours; 'alike "
                  "repair' makes it anew");
    }
    for (auto& each : found) each.id = place_of(each.id);
    for (auto& each : found) each.distance = std::max(0.0F, each.distance);
    std::ranges::sort(found);
    for (std::size_t j = 0; j < table_.k; ++j) {
      table_.places[row * table_.k + j] = static_cast<std::uint32_t>(found[j].id);
      table_.distances[row * table_.k + j] = found[j].distance;
    }
  }
  Neighbors take() { return std::move(table_); }

 private:
  std::uint32_t place_of(std::int64_t id) const {
    return std::ranges::lower_bound(places_, std::pair{id, std::uint32_t{0}})->second;
  }

  const std::vector<std::int64_t>& ids_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> places_;
  Neighbors table_;
};

/// Every living row of the space, some at a time; `take` gets them with the place of the first.
template <class Take>
void each_batch(const SpaceRows& rows, const Take& take) {
  Matrix batch(std::min(kQueries, rows.size()), rows.index.rows->width());
  std::size_t filled = 0, first = 0;
  const auto flush = [&] {
    take(first, MatrixView{batch.data(), filled, batch.width()});
    first += std::exchange(filled, 0);
  };
  for (std::size_t i = 0; i < rows.index.rows->block_count(); ++i) {
    const index::RowBlock block = rows.index.rows->block(i);
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.dead != nullptr && block.dead[r] != 0) continue;
      std::copy_n(block.values + r * batch.width(), batch.width(), batch.row(filled++).begin());
      if (filled == batch.rows()) flush();
    }
  }
  if (filled > 0) flush();
}

}  // namespace

MapSource source_of(const collection::Space& space) {
  MapSource source;
  source.space = space.name;
  source.encoder = space.encoder;
  source.model_sha256 = space.model_sha256;
  source.layer = space.layer;
  source.pooling = encode::name_of(space.pooling);
  source.metric = index::name_of(space.metric);
  source.width = space.width;
  if (space.pca) {
    source.pca_dimensions = space.pca->dimensions;
    source.whiten = space.pca->whiten;
  }
  return source;
}

SpaceRows rows_of(const collection::Collection& collection, const std::string& name) {
  SpaceRows rows;
  const collection::Space space = collection.space(name);
  rows.source = source_of(space);
  rows.metric = space.metric;
  rows.behind = space.behind;
  rows.index = collection.index(space.name);
  rows.ids = living_ids(*rows.index.rows);
  // A picture that was dropped meanwhile still has its row here, but is no item any more.
  std::vector<std::string> labels(rows.size());
  rows.content.resize(rows.size());
  rows.paths.resize(rows.size());
  std::size_t place = 0;
  for (auto& item : collection.items(rows.ids)) {
    while (rows.ids[place] != item.id) ++place;
    rows.content[place] = content_of(item);
    rows.paths[place] = std::move(item.path);
    labels[place++] = std::move(item.label);
  }
  take_labels(labels, rows);
  return rows;
}

Neighbors neighbors_in(const SpaceRows& rows, std::size_t k, int threads, const Watcher& watcher) {
  if (rows.size() == 0) {
    throw Error(ErrorCode::invalid_argument, "space '" + rows.source.space +
                                                 "' has no rows to make a map of; 'alike index' "
                                                 "adds pictures");
  }
  const std::size_t most = std::min(k, rows.size() - 1);
  const bool graph = rows.index.kind == collection::IndexKind::graph;
  if (!graph || most == 0 || rows.metric == index::Metric::inner_product) {
    return find_neighbors(rows.index.rows, rows.metric, k, threads, watcher);
  }
  Table table(rows, most);
  each_batch(rows, [&](std::size_t first, MatrixView batch) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped; no map made");
    auto found = rows.index.index->search_batch(batch, {.k = most + 1, .threads = threads});
    for (std::size_t i = 0; i < batch.rows; ++i) {
      table.keep(first + i, std::move(found[i].neighbors));
    }
    watcher.tell({first + batch.rows, rows.size(), 0});
  });
  return table.take();
}

}  // namespace alike::map
