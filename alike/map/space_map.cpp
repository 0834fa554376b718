#include "alike/map/space_map.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "alike/base/error.h"
#include "alike/map/fuzzy_graph.h"
#include "alike/map/place.h"
#include "alike/map/spectral.h"
#include "alike/map/umap.h"

namespace alike::map {
namespace {

constexpr std::size_t kJudged = 15;  ///< Neighbours that figures and habits are about.
constexpr double kLabelPull = 0.5;   ///< Of supervised maps: umap-learn's target_weight.

/// All steps of a layout.
void lay_out(Layout& layout, int threads, const MapWatcher& watcher) {
  watcher.stage("steps of the layout");
  layout.advance(layout.steps() - layout.done(), threads, watcher.watcher);
  if (layout.done() < layout.steps()) {
    throw Error(ErrorCode::interrupted, "stopped; no map was made");
  }
}

Matrix copy_of(MatrixView points) {
  Matrix copy(points.rows, points.width);
  std::copy_n(points.data, points.rows * points.width, copy.data());
  return copy;
}

UmapOptions umap_options(const MapOptions& options) {
  UmapOptions umap;
  umap.neighbors = options.neighbors;
  umap.min_dist = options.min_dist;
  umap.spread = options.spread;
  umap.repulsion = options.repulsion;
  umap.seed = options.seed;
  return umap;
}

/// A map that is on its way, and what it is made of.
struct Work {
  const SpaceRows& rows;
  const MapOptions& options;
  int threads;
  const MapWatcher& watcher;
  const Map* before;
};

/// The points of the map before, in the order of the rows.
Matrix points_before(const Work& work) {
  Matrix points(work.rows.size(), 2);
  for (std::size_t i = 0; i < points.rows(); ++i) {
    const auto place = work.before->find(work.rows.ids[i]);
    if (place) std::ranges::copy(work.before->points.row(*place), points.row(i).begin());
  }
  return points;
}

/// Where the points of umap begin; says so in `map`.
Matrix umap_start(const Work& work, const FuzzyGraph& graph, Map& map) {
  if (work.before != nullptr) {
    map.start = "the map before";
    return spread_start(points_before(work), work.options.seed);
  }
  work.watcher.stage("products of the start");
  SpectralStart start =
      spectral_start(graph, work.options.seed, work.threads, work.watcher.watcher);
  map.start = start.finished ? "spectral" : "spectral, not finished";
  if (start.components > 1) {
    map.remark = "the neighbourhoods fall into " + std::to_string(start.components) +
                 " parts without links, which lie beside each other by no rule";
  }
  return std::move(start.points);
}

Matrix umap_points(const Work& work, const Neighbors& neighbors, Map& map) {
  const std::size_t k = std::min(work.options.neighbors - 1, neighbors.k);
  FuzzyGraph graph = fuzzy_graph(neighbors, k, work.threads);
  if (work.options.supervised) pull_labels(graph, work.rows.labels, kLabelPull, work.threads);
  Umap layout(graph, umap_options(work.options), {umap_start(work, graph, map)});
  lay_out(layout, work.threads, work.watcher);
  return copy_of(layout.points());
}

/// What is in row i of the source goes to the place of its id among all, for each column.
void sort_by_id(const SpaceRows& rows, const Matrix& points, Map& map) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return rows.ids[i]; });
  const auto sorted = [&](auto& column) {
    auto old = column;
    for (std::size_t i = 0; i < order.size(); ++i) column[i] = old[order[i]];
  };
  map.ids = rows.ids;
  map.content = rows.content;
  sorted(map.ids);
  sorted(map.content);
  sorted(map.trust);
  sorted(map.usual);
  sorted(map.cluster);
  map.points = Matrix(rows.size(), 2);
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::ranges::copy(points.row(order[i]), map.points.row(i).begin());
  }
}

/// The first `k` neighbours of each row.
Neighbors nearest(const Neighbors& neighbors, std::size_t k) {
  if (k >= neighbors.k) return neighbors;
  Neighbors few;
  few.rows = neighbors.rows;
  few.k = k;
  for (std::size_t i = 0; i < neighbors.rows; ++i) {
    const auto places = neighbors.places_of(i).first(k);
    const auto distances = neighbors.distances_of(i).first(k);
    few.places.insert(few.places.end(), places.begin(), places.end());
    few.distances.insert(few.distances.end(), distances.begin(), distances.end());
  }
  return few;
}

}  // namespace

Map make_map(const SpaceRows& rows, const MapOptions& options, int threads,
             const MapWatcher& watcher, const Map* before) {
  check(options);
  Map map;
  map.source = rows.source;
  map.options = options;
  watcher.stage("rows compared");
  const std::size_t k = std::max(kJudged, neighbors_of(options));
  const Neighbors neighbors = neighbors_in(rows, k, threads, watcher.watcher);
  Matrix points(rows.size(), 2);
  const Work work{rows, options, threads, watcher, before};
  if (rows.size() > 1) points = umap_points(work, neighbors, map);
  const Habits habits = habits_of(nearest(neighbors, kJudged));
  map.usual = habits.usual;
  map.most_ratio = static_cast<double>(habits.most_ratio);
  map.trust.assign(rows.size(), 1);
  map.cluster.assign(rows.size(), -1);
  sort_by_id(rows, points, map);
  map.made_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  return map;
}

}  // namespace alike::map
