// A map by umap: how long its parts take.
//
//   bench_umap given PLACES.npy DISTANCES.npy THREADS OUT.npy [SEED]
//   bench_umap rows ROWS.npy METRIC THREADS OUT.npy
//
// `given` begins with the neighbours, (rows, k) places and distances, none its own; `rows` finds 14
// of each row. OUT.npy is the map. Prints JSON: wall and processor seconds of each part, and the
// hash of the map. ALIKE_SIMD chooses the level.
#include <sys/resource.h>
#include <xxhash.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "alike/base/npy.h"
#include "alike/map/neighbors.h"
#include "alike/map/spectral.h"
#include "alike/map/umap.h"
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

/// Prints what `work` takes under `name`, and returns what it returns.
auto timed(const char* name, const auto& work) {
  const auto begun = std::chrono::steady_clock::now();
  const double used = processor_seconds();
  auto made = work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
  std::printf("\"%s_s\": %.3f, \"%s_cpu_s\": %.3f, ", name, wall.count(), name,
              processor_seconds() - used);
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
  NpyWriter file(out, 2);
  for (std::size_t row = 0; row < points.rows; ++row) file.append(points.row(row));
  file.finish();
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
  auto rows = std::make_shared<bench::RowsInMemory>(read_npy(argv[2]));
  const auto metric = index::metric_from(argv[3]);
  auto table = timed("neighbors",
                     [&] { return find_neighbors(std::move(rows), metric, kNeighbors, threads); });
  make_map(std::move(table), threads, argv[5], 42);
}
