// A map by t-SNE: how long it takes from given neighbours.
//
//   bench_tsne PLACES.npy DISTANCES.npy START.npy THREADS OUT.npy
//
// Neighbours (rows, k), none its own; START.npy (rows, 2) is taken as it is. OUT.npy is the map.
// Prints JSON: seconds of affinities and layout, the divergence, the hash. ALIKE_SIMD chooses the
// level.
#include <xxhash.h>

#include <cstdio>
#include <memory>
#include <string>

#include "alike/base/npy.h"
#include "alike/map/layout/tsne.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  using namespace alike;
  if (argc != 6) return 2;
  const Matrix places = read_npy(argv[1]), distances = read_npy(argv[2]), start = read_npy(argv[3]);
  const int threads = std::stoi(argv[4]);
  map::Neighbors table{places.rows(), places.width(), {}, {}};
  for (std::size_t i = 0; i < table.rows * table.k; ++i) {
    table.places.push_back(static_cast<std::uint32_t>(places.data()[i]));
  }
  table.distances.assign(distances.data(), distances.data() + table.places.size());

  map::Affinities pairs;
  const double pairs_s = bench::seconds_of([&] { pairs = map::affinities(table, 30, threads); });
  std::unique_ptr<map::Tsne> layout;
  const double layout_s = bench::seconds_of([&] {
    layout = std::make_unique<map::Tsne>(pairs, map::TsneOptions{}, start);
    layout->advance(layout->steps(), threads);
  });
  const MatrixView points = layout->points();
  NpyWriter file(argv[5], 2);
  for (std::size_t row = 0; row < points.rows; ++row) file.append(points.row(row));
  file.finish();
  std::printf("{\"affinities_s\": %.3f, \"layout_s\": %.3f, \"kl\": %.6f, \"hash\": \"%016lx\"}\n",
              pairs_s, layout_s, layout->divergence(threads),
              static_cast<unsigned long>(XXH3_64bits(points.data, 8 * points.rows)));
}
