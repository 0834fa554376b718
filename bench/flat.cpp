// Exact search alone: one query and a batch over random rows in memory.
//
//   bench_flat ROWS WIDTH QUERIES THREADS    prints JSON: milliseconds of one query, of the batch
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "alike/base/random.h"
#include "bench/rows_in_memory.h"

namespace {

using alike::Matrix;

Matrix random_rows(std::size_t rows, std::size_t width, std::uint64_t seed) {
  alike::Random random(seed);
  Matrix matrix(rows, width);
  for (std::size_t i = 0; i < rows * width; ++i) {
    matrix.data()[i] = static_cast<float>(random.uniform() - 0.5);
  }
  return matrix;
}

/// Median of `rounds` calls, milliseconds.
template <class Work>
double median_ms(int rounds, Work work) {
  std::vector<double> taken;
  for (int i = 0; i < rounds; ++i) {
    const auto started = std::chrono::steady_clock::now();
    work();
    taken.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
            .count());
  }
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto number = [&](int i) { return static_cast<std::size_t>(std::atoll(argv[i])); };
  const std::size_t width = number(2);
  const auto source =
      std::make_shared<alike::bench::RowsInMemory>(random_rows(number(1), width, 1));
  const Matrix queries = random_rows(number(3), width, 2);
  alike::index::SearchOptions options;
  options.threads = static_cast<int>(number(4));
  for (const auto metric : {alike::index::Metric::inner_product, alike::index::Metric::cosine}) {
    const alike::index::Flat flat(source, metric);
    flat.search(queries.row(0), options);
    const double one = median_ms(21, [&] { flat.search(queries.row(0), options); });
    const double batch = median_ms(3, [&] { flat.search_batch(queries, options); });
    std::printf("%s\"%s\": {\"one_ms\": %.3f, \"batch_ms\": %.1f}",
                metric == alike::index::Metric::cosine ? ", " : "{",
                alike::index::name_of(metric).data(), one, batch);
  }
  std::printf("}\n");
}
