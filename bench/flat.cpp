// Exact search alone: one query and a batch over random rows in memory, as float32 and in half
// precision.
//
//   bench_flat ROWS WIDTH QUERIES THREADS    prints JSON: milliseconds of one query, of the batch;
//                                            `recall` of half precision, of the ten nearest
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "alike/base/random.h"
#include "alike/index/flat/half_flat.h"
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

/// Share of the neighbours in `truth` that are in `found`.
double recall_of(const std::vector<alike::index::SearchResult>& found,
                 const std::vector<alike::index::SearchResult>& truth) {
  double hits = 0, wanted = 0;
  for (std::size_t q = 0; q < truth.size(); ++q) {
    for (const auto& neighbor : truth[q].neighbors) {
      const auto same = [&](const auto& other) { return other.id == neighbor.id; };
      hits += std::ranges::any_of(found[q].neighbors, same) ? 1 : 0;
    }
    wanted += static_cast<double>(truth[q].neighbors.size());
  }
  return hits / wanted;
}

void print(const std::string& name, const alike::index::VectorIndex& index, const Matrix& queries,
           const alike::index::SearchOptions& options) {
  index.search(queries.row(0), options);
  const double one = median_ms(21, [&] { index.search(queries.row(0), options); });
  const double batch = median_ms(3, [&] { index.search_batch(queries, options); });
  std::printf("\"%s\": {\"one_ms\": %.3f, \"batch_ms\": %.1f}, ", name.c_str(), one, batch);
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
  std::printf("{");
  double recall = 0;
  for (const auto metric : {alike::index::Metric::inner_product, alike::index::Metric::cosine}) {
    const alike::index::Flat flat(source, metric);
    const alike::index::HalfFlat half(*source, metric);
    const std::string name(alike::index::name_of(metric));
    print(name, flat, queries, options);
    print(name + " f16", half, queries, options);
    recall = recall_of(half.search_batch(queries, options), flat.search_batch(queries, options));
  }
  std::printf("\"recall\": %.4f}\n", recall);
}
