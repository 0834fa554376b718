// A map by umap: how long its parts take.
//
//   bench_umap given PLACES.npy DISTANCES.npy THREADS OUT.npy [SEED]
//   bench_umap rows ROWS.npy METRIC THREADS OUT.npy
//   bench_umap table ROWS.npy METRIC THREADS NAME
//   bench_umap neighbors ROWS.npy METRIC THREADS ROWS_USED
//   bench_umap place ROWS.npy METRIC THREADS MAP.npy
//
// `given` begins with the neighbours, (rows, k) places and distances, none its own; `rows` finds 14
// of each row; `table` writes exact ones to NAME_places.npy and NAME_distances.npy; `neighbors`
// finds those of the first rows exactly and by a graph; `place` places 2,000 rows of the map anew,
// one a call, and all rows in one. OUT.npy is the map. Prints JSON: wall and processor seconds of
// each part, and the hash of the map. ALIKE_SIMD chooses the level.
#include <sys/resource.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/npy.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_index.h"
#include "alike/map/layout/neighbors.h"
#include "alike/map/layout/spectral.h"
#include "alike/map/layout/umap.h"
#include "alike/map/place.h"
#include "bench/measure.h"
#include "bench/rows_in_memory.h"

namespace {

using namespace alike;
using namespace alike::map;

constexpr std::size_t kNeighbors = 14;

double processor_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

/// Prints the time of `work` under `name`, and returns its result.
auto timed(const char* name, const auto& work) {
  const double used = processor_seconds();
  decltype(work()) made;
  const double wall = bench::seconds_of([&] { made = work(); });
  std::printf("\"%s_s\": %.3f, \"%s_cpu_s\": %.3f, ", name, wall, name, processor_seconds() - used);
  return made;
}

Neighbors given(const char* places, const char* distances) {
  const Matrix which = read_npy(places), how_far = read_npy(distances);
  Neighbors table;
  table.rows = which.rows();
  table.k = which.width();
  table.places.resize(table.rows * table.k);
  for (std::size_t i = 0; i < table.places.size(); ++i) {
    table.places[i] = static_cast<std::uint32_t>(which.data()[i]);
  }
  table.distances.assign(how_far.data(), how_far.data() + table.places.size());
  return table;
}

void write_rows(const std::string& out, std::size_t width, std::size_t rows, const auto& row) {
  NpyWriter file(out, width);
  std::vector<float> values(width);
  for (std::size_t r = 0; r < rows; ++r) {
    std::ranges::copy(row(r), values.begin());
    file.append(values);
  }
  file.finish();
}

void make_map(Neighbors table, int threads, const char* out, std::uint64_t seed) {
  const auto graph = timed("graph", [&] { return fuzzy_graph(table, kNeighbors, threads); });
  table = {};
  auto start = timed("start", [&] { return spectral_start(graph, seed, threads); });
  std::printf("\"components\": %zu, \"finished\": %s, \"products\": %zu, ", start.components,
              start.finished ? "true" : "false", start.products);
  const auto layout = timed("layout", [&] {
    UmapOptions options;
    options.seed = seed;
    auto made = std::make_unique<Umap>(graph, options, UmapStart{std::move(start.points)});
    made->advance(made->steps(), threads);
    return made;
  });
  const MatrixView points = layout->points();
  std::printf("\"hash\": \"%016lx\"}\n",
              static_cast<unsigned long>(XXH3_64bits(points.data, 8 * points.rows)));
  write_rows(out, 2, points.rows, [&](std::size_t row) { return points.row(row); });
}

std::shared_ptr<const index::Graph> graph_of(const std::shared_ptr<const index::RowSource>& rows,
                                             index::Metric metric, int threads) {
  auto graph = std::make_shared<index::Graph>(index::make_graph(*rows, metric, {}, threads));
  index::measure_recall(*graph, rows, threads);
  return graph;
}

void write_table(const Matrix& rows, index::Metric metric, int threads, const std::string& name) {
  const auto source = std::make_shared<bench::RowsInMemory>(rows);
  const auto found =
      index::Flat(source, metric).search_batch(rows, {.k = kNeighbors + 1, .threads = threads});
  Matrix places(rows.rows(), kNeighbors), distances(rows.rows(), kNeighbors);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::size_t to = 0;
    for (const auto& neighbor : found[row].neighbors) {
      if (neighbor.id == static_cast<std::int64_t>(row) || to == kNeighbors) continue;
      places.row(row)[to] = static_cast<float>(neighbor.id);
      distances.row(row)[to++] = std::max(0.0F, neighbor.distance);
    }
  }
  write_rows(name + "_places.npy", kNeighbors, rows.rows(),
             [&](std::size_t r) { return places.row(r); });
  write_rows(name + "_distances.npy", kNeighbors, rows.rows(),
             [&](std::size_t r) { return distances.row(r); });
  std::printf("}\n");
}

/// Finds neighbours both ways.
void compare(const Matrix& rows, index::Metric metric, int threads, std::size_t count) {
  Matrix first(std::min(count, rows.rows()), rows.width());
  std::copy_n(rows.data(), first.rows() * first.width(), first.data());
  const auto source = std::make_shared<bench::RowsInMemory>(first);
  const auto truth = timed("exact", [&] {
    return index::Flat(source, metric)
        .search_batch(first, {.k = kNeighbors + 1, .threads = threads});
  });
  const auto graph = timed("make", [&] { return graph_of(source, metric, threads); });
  const index::GraphIndex index(source, graph, nullptr);
  const auto table =
      timed("find", [&] { return find_neighbors(source, index, metric, kNeighbors, threads); });
  std::size_t found = 0;
  for (std::size_t row = 0; row < table.rows; ++row) {
    for (const auto& neighbor : truth[row].neighbors) {
      const auto place = static_cast<std::uint32_t>(neighbor.id);
      found += std::ranges::count(table.places_of(row), place) > 0 ? 1U : 0U;
    }
  }
  std::printf("\"rows\": %zu, \"recall\": %.4f}\n", first.rows(),
              static_cast<double>(found) / static_cast<double>(table.places.size()));
}

/// Places rows of the map, none its own neighbour.
void place_rows(const Matrix& rows, index::Metric metric, int threads, const Matrix& map) {
  const auto source = std::make_shared<bench::RowsInMemory>(rows);
  const auto graph = graph_of(source, metric, threads);
  const index::GraphIndex index(source, graph, nullptr);
  const auto table = find_neighbors(source, index, metric, kNeighbors + 1, threads);
  const Placer placer(map, habits_of(table));
  std::vector<double> took;
  for (std::size_t i = 0; i < 2000; ++i) {
    const auto row = static_cast<index::Node>(i * rows.rows() / 2000);
    took.push_back(1000 * bench::seconds_of([&] {
                     const auto found =
                         index.search_batch_without({rows.row(row).data(), 1, rows.width()},
                                                    std::span(&row, 1), {.k = kNeighbors + 1});
                     std::vector<std::uint32_t> places;
                     std::vector<float> distances;
                     for (const auto& neighbor : found[0].neighbors) {
                       places.push_back(static_cast<std::uint32_t>(neighbor.id));
                       distances.push_back(std::max(0.0F, neighbor.distance));
                     }
                     placer.place(places, distances);
                   }));
  }
  std::sort(took.begin(), took.end());
  const auto placed = timed("all", [&] { return placer.place(table, threads); });
  std::vector<double> away;
  std::size_t off = 0;
  float low = map.data()[0], high = low;
  for (std::size_t row = 0; row < placed.size(); ++row) {
    const auto point = map.row(row);
    away.push_back(std::hypot(placed[row].x - point[0], placed[row].y - point[1]));
    low = std::min(low, point[0]);
    high = std::max(high, point[0]);
    off += placed[row].off_the_map ? 1U : 0U;
  }
  std::sort(away.begin(), away.end());
  std::printf(
      "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"away_p50\": %.5f, \"away_p90\": %.5f, \"off\": %zu}\n",
      took[1000], took[1980], away[away.size() / 2] / (high - low),
      away[away.size() * 9 / 10] / (high - low), off);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  const std::string mode = argv[1];
  const int threads = std::atoi(argv[4]);
  std::printf("{");
  if (mode == "given") {
    make_map(given(argv[2], argv[3]), threads, argv[5], argc > 6 ? std::stoul(argv[6]) : 42);
    return 0;
  }
  const auto metric = index::metric_from(argv[3]);
  if (mode == "table") {
    write_table(read_npy(argv[2]), metric, threads, argv[5]);
    return 0;
  }
  if (mode == "neighbors") {
    compare(read_npy(argv[2]), metric, threads, std::stoul(argv[5]));
    return 0;
  }
  if (mode == "place") {
    place_rows(read_npy(argv[2]), metric, threads, read_npy(argv[5]));
    return 0;
  }
  auto rows = std::make_shared<bench::RowsInMemory>(read_npy(argv[2]));
  auto table = timed("neighbors",
                     [&] { return find_neighbors(std::move(rows), metric, kNeighbors, threads); });
  make_map(std::move(table), threads, argv[5], 42);
}
