// The graph over the rows of a file: how fast at which recall.
//
//   bench_graph ROWS.npy QUERIES.npy METRIC BUILD_THREADS [STRIDE [DEGREE [BEAM]]]    prints JSON
//
// `curve` has, for each beam, the recall@10 against the exact scan and queries a second, of all
// queries in one call, on one and on two threads (the best of half a second, three at least);
// `one_us` is the median of one query a call, `flat_us` that of the exact scan.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "alike/base/npy.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_index.h"
#include "bench/measure.h"
#include "bench/rows_in_memory.h"
#include "tests/support/recall.h"

namespace {

using alike::Matrix;
using alike::bench::RowsInMemory;
using alike::bench::seconds_of;
using alike::test::recall;
using namespace alike::index;

constexpr std::size_t kBeams[] = {10, 12, 14, 16,  18,  20,  24,  28,  32,  36,  40,  48,  56, 64,
                                  72, 80, 96, 112, 128, 160, 200, 256, 320, 400, 512, 640, 800};
constexpr double kEnough = 0.996;  // recall beyond which nothing is compared
constexpr double kSettled = 0.5;   // seconds

double best_rate(const GraphIndex& index, const Matrix& queries, SearchOptions options) {
  double best = 0, taken = 0;
  for (int i = 0; i < 3 || taken < kSettled; ++i) {
    const double seconds = seconds_of([&] { index.search_batch(queries, options); });
    best = std::max(best, static_cast<double>(queries.rows()) / seconds);
    taken += seconds;
  }
  return best;
}

double median_us(const VectorIndex& index, const Matrix& queries, const SearchOptions& options) {
  std::vector<double> taken;
  for (std::size_t q = 0; q < std::min<std::size_t>(200, queries.rows()); ++q) {
    taken.push_back(1e6 * seconds_of([&] { index.search(queries.row(q), options); }));
  }
  std::nth_element(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(taken.size() / 2),
                   taken.end());
  return taken[taken.size() / 2];
}

/// Returns the recall.
double print_point(const GraphIndex& index, const Matrix& queries,
                   const std::vector<SearchResult>& truth, std::size_t beam, bool first) {
  SearchOptions options{.beam = beam};
  const auto found = index.search_batch(queries, options);
  double estimates = 0, reread = 0, hops = 0;
  for (const SearchResult& result : found) {
    estimates += static_cast<double>(result.codes_read);
    reread += static_cast<double>(result.rows_read);
    hops += static_cast<double>(result.hops);
  }
  const auto count = static_cast<double>(queries.rows());
  const double one = best_rate(index, queries, options), us = median_us(index, queries, options);
  const double reached = recall(found, truth);
  options.threads = 2;
  std::printf(
      "%s{\"beam\": %zu, \"recall\": %.4f, \"qps1\": %.0f, \"qps2\": %.0f, \"one_us\": %.1f, "
      "\"estimates\": %.1f, \"reread\": %.1f, \"hops\": %.1f}",
      first ? "" : ", ", beam, reached, one, best_rate(index, queries, options), us,
      estimates / count, reread / count, hops / count);
  return reached;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  GraphOptions how;
  if (argc > 5) how.stride = std::stoul(argv[5]);
  if (argc > 6) how.degree = std::stoul(argv[6]);
  if (argc > 7) how.beam = std::stoul(argv[7]);
  const auto source = std::make_shared<RowsInMemory>(alike::read_npy(argv[1]));
  const Matrix queries = alike::read_npy(argv[2]);
  const auto metric = metric_from(argv[3]);
  const int threads = std::atoi(argv[4]);

  std::shared_ptr<Graph> graph;
  const double build = seconds_of(
      [&] { graph = std::make_shared<Graph>(make_graph(*source, metric, how, threads)); });
  const double measure = seconds_of([&] { measure_recall(*graph, source, threads); });
  const auto truth = Flat(source, metric).search_batch(queries, {.threads = 2});
  const GraphIndex index(source, graph, nullptr);
  std::printf(
      "{\"build_s\": %.2f, \"measure_s\": %.2f, \"bytes\": %zu, \"explained\": %.3f, "
      "\"flat_us\": %.1f, \"curve\": [",
      build, measure, graph->bytes(), graph->reduction.parts().explained,
      median_us(Flat(source, metric), queries, {}));
  bool first = true;
  for (const std::size_t beam : kBeams) {
    if (print_point(index, queries, truth, beam, first) > kEnough) break;
    first = false;
  }
  std::printf("]}\n");
}
