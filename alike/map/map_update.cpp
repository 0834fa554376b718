#include "alike/map/map_update.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_set>
#include <utility>

#include "alike/base/error.h"
#include "alike/map/place.h"

namespace alike::map {
namespace {

constexpr std::size_t kNear = 15;     ///< Neighbours that decide where a picture lies.
constexpr std::size_t kBatch = 1024;  ///< Pictures that are placed at once.

/// The rows of some items, in the order of the source.
struct NewRows {
  std::vector<std::int64_t> ids;
  std::vector<std::uint64_t> content;
  Matrix values;
};

NewRows new_rows(const SpaceRows& rows, const MapAge& age) {
  std::unordered_set<std::int64_t> wanted(age.added.begin(), age.added.end());
  wanted.insert(age.changed.begin(), age.changed.end());
  NewRows found;
  found.values = Matrix(wanted.size(), rows.index.rows->width());
  std::size_t place = 0;
  for (std::size_t i = 0; i < rows.index.rows->block_count(); ++i) {
    const index::RowBlock block = rows.index.rows->keys(i);
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.dead != nullptr && block.dead[r] != 0) continue;
      const std::size_t at = place++;
      if (wanted.count(block.ids[r]) == 0) continue;
      const float* values = rows.index.rows->values(i, r);
      std::copy_n(values, found.values.width(), found.values.row(found.ids.size()).begin());
      found.ids.push_back(block.ids[r]);
      found.content.push_back(rows.content[at]);
    }
  }
  return found;
}

/// The points of `map` at these places, with nothing of the map's own.
Map selected(const Map& map, const std::vector<std::size_t>& places) {
  Map chosen = map;
  const auto select = [&](auto& column) {
    const auto all = std::exchange(column, {});
    for (const std::size_t place : places) column.push_back(all[place]);
  };
  select(chosen.ids);
  select(chosen.content);
  select(chosen.trust);
  select(chosen.usual);
  select(chosen.cluster);
  chosen.points = Matrix(places.size(), 2);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::ranges::copy(map.points.row(places[i]), chosen.points.row(i).begin());
  }
  return chosen;
}

Map staying(const Map& map, const MapAge& age) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const bool leaves = std::ranges::binary_search(age.gone, map.ids[i]) ||
                        std::ranges::binary_search(age.changed, map.ids[i]);
    if (!leaves) places.push_back(i);
  }
  return selected(map, places);
}

/// The `kNear` points of `map` that are nearest to each of the new rows.
Neighbors neighbors_on(const Map& map, const SpaceRows& rows, const NewRows& fresh, int threads,
                       const Watcher& watcher) {
  Neighbors table;
  table.rows = fresh.ids.size();
  table.k = std::min(kNear, map.size());
  const auto filter = index::Filter::of(map.ids);
  for (std::size_t first = 0; first < table.rows; first += kBatch) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; the map stayed as it was");
    }
    const std::size_t count = std::min(kBatch, table.rows - first);
    const MatrixView queries{fresh.values.row(first).data(), count, fresh.values.width()};
    const auto found = rows.index.index->search_batch(
        queries, {.k = table.k, .threads = threads, .filter = filter});
    for (const auto& each : found) {
      for (const auto& neighbor : each.neighbors) {
        table.places.push_back(static_cast<std::uint32_t>(map.find(neighbor.id).value()));
        table.distances.push_back(std::max(0.0F, neighbor.distance));
      }
    }
    watcher.tell({first + count, table.rows, 0});
  }
  return table;
}

/// Puts the new rows between the points of `map`, ids ascending.
Map joined(const Map& map, const NewRows& fresh, const std::vector<Placed>& placed,
           const Neighbors& neighbors) {
  const std::size_t old = map.size();
  Map all = map;
  Matrix points(old + fresh.ids.size(), 2);
  std::copy_n(map.points.data(), 2 * old, points.data());
  for (std::size_t i = 0; i < fresh.ids.size(); ++i) {
    all.ids.push_back(fresh.ids[i]);
    all.content.push_back(fresh.content[i]);
    points.row(old + i)[0] = placed[i].x;
    points.row(old + i)[1] = placed[i].y;
    // An estimate: rows far from all others are not to be trusted.
    all.trust.push_back(std::min(1.0F, 1 / placed[i].ratio));
    const auto distances = neighbors.distances_of(i);
    const double sum = std::accumulate(distances.begin(), distances.end(), 0.0);
    all.usual.push_back(static_cast<float>(sum / static_cast<double>(neighbors.k)));
    all.cluster.push_back(placed[i].off_the_map ? -1 : map.cluster[neighbors.places_of(i)[0]]);
  }
  all.points = std::move(points);
  all.placed += fresh.ids.size();
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return all.ids[i]; });
  return selected(all, order);
}

UmapOptions placing(const MapOptions& options) {
  UmapOptions umap;
  umap.min_dist = options.min_dist;
  umap.spread = options.spread;
  umap.repulsion = options.repulsion;
  umap.seed = options.seed;
  return umap;
}

}  // namespace

MapUpdate update_map(const Map& map, const SpaceRows& rows, int threads, const Watcher& watcher) {
  const MapAge age = age_of(map, rows);
  if (age.other_rows) {
    throw Error(
        ErrorCode::invalid_argument,
        "space '" + rows.source.space + "' was made anew since the map was; make the map anew too");
  }
  MapUpdate update;
  update.dropped = age.gone.size();
  update.better_anew = age.better_anew(map.size());
  Map stays = staying(map, age);
  if (stays.size() == 0) {
    throw Error(ErrorCode::invalid_argument,
                "nothing that the map shows is still there; make it anew");
  }
  if (map.options.method == Method::pca && !age.current()) {
    update.placed = age.added.size() + age.changed.size();
    update.map = make_map(rows, map.options, threads, watcher);
    return update;
  }
  const NewRows fresh = new_rows(rows, age);
  update.placed = fresh.ids.size();
  if (update.placed == 0) {
    update.map = std::move(stays);
    return update;
  }
  watcher.stage("pictures placed");
  const Neighbors neighbors = neighbors_on(stays, rows, fresh, threads, watcher);
  const Placer placer(stays.points, {stays.usual, static_cast<float>(map.most_ratio)},
                      placing(map.options));
  const auto placed = placer.place(neighbors, threads, watcher);
  for (const auto& each : placed) update.off_map += each.off_the_map ? 1 : 0;
  update.map = joined(stays, fresh, placed, neighbors);
  return update;
}

}  // namespace alike::map
