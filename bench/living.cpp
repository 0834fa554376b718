// A graph under churn and under filters, over the rows of a file.
//
//   bench_living ROWS.npy QUERIES.npy METRIC    prints JSON
//
// Churn: two thirds of the rows are indexed; twenty times a tenth of them goes and as many others
// come. Filters: shares of the rows pass; `ms` of the graph and of the exact scan with an id set,
// of the graph with a function, and of the exact scan of a source that has nothing but what passes,
// one thread, medians.
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <numeric>
#include <vector>

#include "alike/base/npy.h"
#include "alike/base/random.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_index.h"
#include "alike/index/live/live_index.h"
#include "bench/measure.h"
#include "bench/rows_in_memory.h"
#include "tests/support/recall.h"

namespace {

using alike::Matrix;
using alike::MatrixView;
using alike::bench::RowsInMemory;
using alike::bench::seconds_of;
using alike::test::recall;
using namespace alike::index;

constexpr int kThreads = 2;

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  statm >> all >> resident;
  return static_cast<double>(resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) / 1e6;
}

double median_ms(const VectorIndex& index, MatrixView queries, const SearchOptions& options) {
  std::vector<double> taken;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    taken.push_back(1000 * seconds_of([&] { index.search(queries.row(q), options); }));
  }
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

/// Rows `numbers` of `rows`.
Matrix picked(MatrixView rows, std::span<const std::int64_t> numbers) {
  Matrix some(numbers.size(), rows.width);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto row = rows.row(static_cast<std::size_t>(numbers[i]));
    std::copy(row.begin(), row.end(), some.row(i).begin());
  }
  return some;
}

void churn(MatrixView rows, MatrixView queries, Metric metric) {
  std::vector<std::int64_t> order(rows.rows);
  std::iota(order.begin(), order.end(), 0);
  alike::Random random(1);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  const std::size_t count = rows.rows * 2 / 3, tenth = count / 10;
  LiveIndex index(rows.width, metric, {.threads = kThreads});
  const std::span<std::int64_t> all(order);
  const double empty = resident_mb();
  index.add(all.first(count), picked(rows, all.first(count)));
  const auto measured = [&](int round, double seconds) {
    auto truth = Flat(std::make_shared<RowsInMemory>(picked(rows, all.first(count))), metric)
                     .search_batch(queries, {.threads = kThreads});
    const double reached = recall(index.search_batch(queries, {.threads = kThreads}), truth);
    std::printf("%s{\"round\": %d, \"recall\": %.4f, \"mb\": %.0f, \"seconds\": %.2f}",
                round == 0 ? "" : ", ", round, reached, resident_mb() - empty, seconds);
  };
  std::printf("\"churn\": [");
  measured(0, 0);
  for (int round = 1; round <= 20; ++round) {
    // The first tenth goes, what was outside comes, and the order turns.
    const double seconds = seconds_of([&] {
      index.remove(all.first(tenth));
      index.add(all.subspan(count, tenth), picked(rows, all.subspan(count, tenth)));
    });
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(tenth), order.end());
    if (round % 5 == 0) measured(round, seconds);
  }
  std::printf("], ");
}

void filters(const std::shared_ptr<const RowsInMemory>& source, MatrixView queries, Metric metric) {
  auto graph = std::make_shared<Graph>(make_graph(*source, metric, {}, kThreads));
  measure_recall(*graph, source, kThreads);
  const GraphIndex index(source, graph, nullptr);
  const Flat flat(source, metric);
  std::printf("\"filters\": [");
  for (const std::int64_t every : {2, 10, 100, 1000}) {
    const SearchOptions asked{.filter = [every](std::int64_t id) { return id % every == 0; }};
    std::vector<std::int64_t> numbers;
    for (std::size_t r = 0; r < source->rows().rows; r += static_cast<std::size_t>(every)) {
      numbers.push_back(static_cast<std::int64_t>(r));
    }
    const Flat passing(std::make_shared<RowsInMemory>(picked(source->rows(), numbers)), metric);
    const SearchOptions options{.filter = Filter::of(numbers)};
    const auto found = index.search_batch(queries, options);
    const auto least =
        std::ranges::min(found, {}, [](const auto& r) { return r.neighbors.size(); });
    std::printf(
        "%s{\"every\": %ld, \"recall\": %.4f, \"least\": %zu, \"ms\": %.4f, \"asked_ms\": %.4f, "
        "\"flat_ms\": %.4f, \"passing_ms\": %.4f}",
        every == 2 ? "" : ", ", static_cast<long>(every),
        recall(found, flat.search_batch(queries, options)), least.neighbors.size(),
        median_ms(index, queries, options), median_ms(index, queries, asked),
        median_ms(flat, queries, options), median_ms(passing, queries, {}));
  }
  std::printf("]");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto source = std::make_shared<const RowsInMemory>(alike::read_npy(argv[1]));
  const Matrix all = alike::read_npy(argv[2]);
  const MatrixView queries{all.data(), std::min<std::size_t>(300, all.rows()), all.width()};
  const auto metric = metric_from(argv[3]);
  std::printf("{");
  churn(source->rows(), queries, metric);
  filters(source, queries, metric);
  std::printf("}\n");
}
