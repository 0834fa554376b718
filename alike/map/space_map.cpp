#include "alike/map/space_map.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "alike/base/error.h"
#include "alike/map/fuzzy_graph.h"
#include "alike/map/spectral.h"
#include "alike/map/umap.h"

namespace alike::map {
namespace {

constexpr std::size_t kJudged = 15;  ///< Neighbours that figures and reach are about.
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

/// Points in the order of the rows, and what they started from.
Matrix umap_points(const SpaceRows& rows, const Neighbors& neighbors, const MapOptions& options,
                   int threads, const MapWatcher& watcher, Map& map) {
  FuzzyGraph graph = fuzzy_graph(neighbors, std::min(options.neighbors - 1, neighbors.k), threads);
  if (options.supervised) pull_labels(graph, rows.labels, kLabelPull, threads);
  watcher.stage("products of the start");
  SpectralStart start = spectral_start(graph, options.seed, threads, watcher.watcher);
  map.start = "spectral";
  if (start.components > 1) map.remark = std::to_string(start.components) + " parts without links";
  Umap layout(graph, umap_options(options), {std::move(start.points)});
  lay_out(layout, threads, watcher);
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
  sorted(map.reach);
  sorted(map.cluster);
  map.points = Matrix(rows.size(), 2);
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::ranges::copy(points.row(order[i]), map.points.row(i).begin());
  }
}

std::vector<float> reach_in(const Neighbors& neighbors) {
  const std::size_t k = std::min(kJudged, neighbors.k);
  std::vector<float> reach(neighbors.rows);
  for (std::size_t i = 0; i < neighbors.rows && k > 0; ++i) {
    const auto distances = neighbors.distances_of(i).first(k);
    const double sum = std::accumulate(distances.begin(), distances.end(), 0.0);
    reach[i] = static_cast<float>(sum / static_cast<double>(k));
  }
  return reach;
}

}  // namespace

Map make_map(const SpaceRows& rows, const MapOptions& options, int threads,
             const MapWatcher& watcher) {
  check(options);
  Map map;
  map.source = rows.source;
  map.options = options;
  watcher.stage("rows compared");
  const std::size_t k = std::max(kJudged, neighbors_of(options));
  const Neighbors neighbors = neighbors_in(rows, k, threads, watcher.watcher);
  Matrix points(rows.size(), 2);
  if (rows.size() > 1) points = umap_points(rows, neighbors, options, threads, watcher, map);
  map.reach = reach_in(neighbors);
  map.trust.assign(rows.size(), 1);
  map.cluster.assign(rows.size(), -1);
  sort_by_id(rows, points, map);
  map.made_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  return map;
}

}  // namespace alike::map
