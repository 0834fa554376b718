#include "alike/map/layout/space_rows.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/labels.h"
#include "alike/collection/view.h"
#include "alike/encode/run/embedding.h"

namespace alike::map {
namespace {

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

namespace {

SpaceRows rows_in(const collection::View& view, const std::string& name) {
  SpaceRows rows;
  const collection::Space space = view.space(name);
  rows.source = source_of(space);
  rows.metric = space.metric;
  rows.behind = space.behind;
  rows.index = view.index(space.name);
  rows.ids = living_ids(*rows.index.rows);
  std::vector<std::string> labels(rows.size());
  rows.content.resize(rows.size());
  rows.paths.resize(rows.size());
  std::size_t place = 0;
  for (auto& item : view.items(rows.ids)) {
    while (rows.ids[place] != item.id) ++place;
    rows.content[place] = content_of(item);
    rows.paths[place] = std::move(item.path);
    labels[place++] = std::move(item.label);
  }
  Labels numbered = number_labels(labels);
  rows.labels = std::move(numbered.of);
  rows.label_names = std::move(numbered.names);
  return rows;
}

}  // namespace

SpaceRows rows_of(const collection::Collection& collection, const std::string& name) {
  return collection::read(collection,
                          [&](const collection::View& view) { return rows_in(view, name); });
}

Neighbors neighbors_in(const SpaceRows& rows, std::size_t k, int threads, const Watcher& watcher) {
  if (rows.size() == 0) {
    throw Error(ErrorCode::invalid_argument,
                "space '" + rows.source.space + "' has no rows to make a map of",
                Remedy{"index", {}, "to add pictures"});
  }
  const bool graph = rows.index.kind == collection::IndexKind::graph;
  if (!graph || rows.metric == index::Metric::inner_product) {
    return find_neighbors(rows.index.rows, rows.metric, k, threads, watcher);
  }
  return find_neighbors(rows.index.rows, *rows.index.index, rows.metric, k, threads, watcher);
}

}  // namespace alike::map
