#include "alike/map/space_map.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <string>

#include "alike/base/clock.h"
#include "alike/base/error.h"
#include "alike/map/align.h"
#include "alike/map/layout/fuzzy_graph.h"
#include "alike/map/layout/pca_layout.h"
#include "alike/map/layout/spectral.h"
#include "alike/map/layout/tsne.h"
#include "alike/map/layout/umap.h"
#include "alike/map/place.h"
#include "alike/map/reading/cluster_names.h"
#include "alike/map/reading/clusters.h"
#include "alike/map/reading/label_quality.h"
#include "alike/map/reading/point_neighbors.h"
#include "alike/map/reading/quality.h"

namespace alike::map {
namespace {

constexpr std::size_t kJudged = 15;  ///< Neighbours that figures and habits are about.
constexpr double kNextRate = 0.15;   ///< First rate of a map that begins where another ended.
constexpr double kLabelPull = 0.5;   ///< Of supervised maps: umap-learn's target_weight.

void remark(Map& map, const std::string& sentence) {
  map.remark += (map.remark.empty() ? "" : "; ") + sentence;
}

/// Says which options were too large for so few rows, and what they were lowered to.
void tell_lowered(const MapOptions& asked, std::size_t rows, Map& map) {
  const auto tell = [&](const char* name, double before, double now) {
    if (before == now) return;
    char text[96];
    std::snprintf(text, sizeof text, "%s was lowered from %.4g to %.4g, as there are %zu rows",
                  name, before, now, rows);
    remark(map, text);
  };
  tell("perplexity", asked.perplexity, map.options.perplexity);
  tell("neighbors", static_cast<double>(asked.neighbors),
       static_cast<double>(map.options.neighbors));
}

/// All steps of a layout.
void lay_out(Layout& layout, int threads, const Watcher& watcher) {
  watcher.stage("steps of the layout");
  layout.advance(layout.steps() - layout.done(), threads, watcher);
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

/// A map that is on its way, and its input.
struct Work {
  const SpaceRows& rows;
  const MapOptions& options;
  int threads;
  const Watcher& watcher;
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

/// The rows along their first two components.
PcaLayout principal(const Work& work) {
  work.watcher.stage("rows summed up");
  return pca_layout(work.rows.index.rows, work.rows.metric, work.threads, work.watcher);
}

/// Where the points of umap begin; says so in `map`.
Matrix umap_start(const Work& work, const FuzzyGraph& graph, Map& map) {
  if (work.before != nullptr) {
    map.start = "the map before";
    return spread_start(points_before(work), work.options.seed);
  }
  work.watcher.stage("products of the start");
  SpectralStart start = spectral_start(graph, work.options.seed, work.threads, work.watcher);
  map.start = start.finished ? "spectral" : "pca";
  if (start.components > 1) {
    remark(map, "the neighbourhoods fall into " + std::to_string(start.components) +
                    " parts without links, which lie beside each other by no rule");
  }
  if (!start.finished) {
    remark(map, "the spectral start was given up: no end after " + std::to_string(start.products) +
                    " products with the graph");
    return spread_start(principal(work).points, work.options.seed);
  }
  return std::move(start.points);
}

Matrix umap_points(const Work& work, const Neighbors& neighbors, Map& map) {
  const std::size_t k = std::min(work.options.neighbors - 1, neighbors.k);
  FuzzyGraph graph = fuzzy_graph(neighbors, k, work.threads);
  if (work.options.supervised) pull_labels(graph, work.rows.labels, kLabelPull, work.threads);
  const double rate = work.before != nullptr ? kNextRate : 1;
  Umap layout(graph, umap_options(work.options), {umap_start(work, graph, map), rate});
  lay_out(layout, work.threads, work.watcher);
  return copy_of(layout.points());
}

Matrix tsne_points(const Work& work, const Neighbors& neighbors, Map& map) {
  const bool again = work.before != nullptr;
  map.start = again ? "the map before" : "pca";
  const Matrix start =
      tsne_start(again ? points_before(work) : principal(work).points, work.options.seed);
  Tsne layout(affinities(neighbors, work.options.perplexity, work.threads), {}, start);
  lay_out(layout, work.threads, work.watcher);
  return copy_of(layout.points());
}

/// Points by the method, in the order of the rows.
Matrix points_of(const Work& work, const Neighbors& neighbors, Map& map) {
  if (work.options.method == Method::umap) return umap_points(work, neighbors, map);
  if (work.options.method == Method::tsne) return tsne_points(work, neighbors, map);
  PcaLayout layout = principal(work);
  map.explained = {layout.explained[0], layout.explained[1]};
  return std::move(layout.points);
}

/// The points turned onto those of the map before.
Matrix turned(const Work& work, Matrix points) {
  if (work.before == nullptr) return points;
  std::vector<SharedPoint> shared;
  for (std::size_t i = 0; i < work.rows.size(); ++i) {
    const auto place = work.before->find(work.rows.ids[i]);
    if (place)
      shared.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(*place)});
  }
  return align(points, work.before->points, shared);
}

/// Figures and trust of the points.
void judge(const Work& work, const Neighbors& neighbors, const Matrix& points, Map& map) {
  work.watcher.stage("points judged");
  const Neighbors on_map = point_neighbors(points, kJudged, work.threads);
  Quality quality = measure_quality(work.rows.index.rows, work.rows.metric, points, on_map, kJudged,
                                    work.options.seed, work.threads, work.watcher);
  MapFigures& figures = map.figures;
  figures.k = quality.k;
  if (quality.k > 0) {
    figures.trustworthiness = quality.trustworthiness;
    figures.continuity = quality.continuity;
    figures.neighbors_kept = quality.neighbors_kept;
    figures.triplets = quality.triplets;
  }
  map.trust = std::move(quality.trust);
  figures.label_accuracy = label_accuracy(neighbors, work.rows.labels, kJudged);
  figures.map_label_accuracy = label_accuracy(on_map, work.rows.labels, kJudged);
  figures.silhouette = silhouette(points, work.rows.labels, work.options.seed, work.threads);
}

std::ptrdiff_t points_in(const Clusters& clusters) {
  return static_cast<std::ptrdiff_t>(clusters.cluster.size()) -
         std::ranges::count(clusters.cluster, -1);
}

/// Clusters of moderate size, or of any size where those leave most points out: a few clear crowds.
Clusters crowds_of(const Work& work, const Matrix& points) {
  Clusters found = find_clusters(points, {}, work.threads, work.watcher);
  if (2 * points_in(found) > std::ssize(found.cluster)) return found;
  ClusterOptions any;
  any.max_share = 1;
  Clusters large = find_clusters(points, any, work.threads, work.watcher);
  return points_in(large) > points_in(found) ? large : found;
}

/// Clusters of the points, called by words of folders and files.
void find_crowds(const Work& work, const Matrix& points, Map& map) {
  work.watcher.stage("clusters");
  Clusters found = crowds_of(work, points);
  std::vector<std::string> labels(work.rows.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const int label = work.rows.labels[i];
    if (label >= 0) labels[i] = work.rows.label_names[static_cast<std::size_t>(label)];
  }
  const auto names = name_clusters(found, work.rows.paths, labels);
  for (std::size_t c = 0; c < names.size(); ++c) {
    const Cluster& cluster = found.clusters[c];
    map.clusters.push_back({names[c], work.rows.ids[cluster.medoid], cluster.count});
  }
  map.cluster = std::move(found.cluster);
}

/// Sorts each column by id: row i of the source goes to the place of its id among all.
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

Map make_map(const SpaceRows& rows, const MapOptions& asked, int threads, const Watcher& watcher,
             const Map* before) {
  check(asked);
  const MapOptions options = used_by(asked, rows.size());
  Map map;
  map.source = rows.source;
  map.options = options;
  tell_lowered(asked, rows.size(), map);
  watcher.stage("rows compared");
  const std::size_t k = std::max(kJudged, neighbors_of(options));
  const Neighbors neighbors = neighbors_in(rows, k, threads, watcher);
  Matrix points(rows.size(), 2);
  const Work work{rows, options, threads, watcher, before};
  map.trust.assign(rows.size(), 1);
  map.cluster.assign(rows.size(), -1);
  if (rows.size() > 1) {
    points = turned(work, points_of(work, neighbors, map));
    judge(work, neighbors, points, map);
    find_crowds(work, points, map);
  }
  const Habits habits = habits_of(nearest(neighbors, kJudged));
  map.usual = habits.usual;
  map.most_ratio = static_cast<double>(habits.most_ratio);
  sort_by_id(rows, points, map);
  map.made_ms = now_ms();
  return map;
}

}  // namespace alike::map
