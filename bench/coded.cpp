// The coded scan beside the exact scan, over the rows of a file.
//
//   bench_coded ROWS.npy QUERIES.npy METRIC THREADS [BITS]    prints JSON
//
// Milliseconds are medians over the queries one at a time and for one batch of 256 (per query);
// `same` is the share of queries with the very same ten neighbours as the exact scan, `read_gbs`
// how fast this machine reads memory in the same run.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "alike/base/npy.h"
#include "alike/index/codes/rabitq_index.h"
#include "alike/index/flat/flat.h"
#include "alike/index/rows/read_bandwidth.h"
#include "bench/measure.h"
#include "bench/rows_in_memory.h"

namespace {

using alike::Matrix;
using alike::MatrixView;
using alike::bench::RowsInMemory;
using alike::bench::seconds_of;
using alike::index::SearchOptions;
using alike::index::SearchResult;
using alike::index::VectorIndex;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Measured {
  double one_ms = 0, batch_ms = 0;
  std::vector<SearchResult> answers;
};

Measured measure(const VectorIndex& index, MatrixView queries, const SearchOptions& options) {
  Measured measured;
  std::vector<double> taken;
  index.search(queries.row(0), options);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    taken.push_back(
        seconds_of([&] { measured.answers.push_back(index.search(queries.row(q), options)); }));
  }
  measured.one_ms = 1000 * median(taken);
  const MatrixView batch{queries.data, std::min<std::size_t>(256, queries.rows), queries.width};
  std::vector<double> batches;
  for (int i = 0; i < 3; ++i) {
    batches.push_back(seconds_of([&] { index.search_batch(batch, options); }));
  }
  measured.batch_ms = 1000 * median(batches) / static_cast<double>(batch.rows);
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const auto source = std::make_shared<RowsInMemory>(alike::read_npy(argv[1]));
  const Matrix queries = alike::read_npy(argv[2]);
  const auto metric = alike::index::metric_from(argv[3]);
  SearchOptions options;
  options.threads = std::atoi(argv[4]);
  const std::size_t bits = argc > 5 ? std::stoul(argv[5]) : 1;

  std::shared_ptr<const alike::index::Codes> codes;
  const double build = seconds_of([&] {
    codes = std::make_shared<const alike::index::Codes>(*source, metric, options.threads, bits);
  });
  const Measured flat = measure(alike::index::Flat(source, metric), queries, options);
  const Measured coded = measure(alike::index::RabitqIndex(source, codes), queries, options);
  double same = 0, reread = 0;
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    same += flat.answers[q].neighbors == coded.answers[q].neighbors ? 1 : 0;
    reread += static_cast<double>(coded.answers[q].rows_read);
  }
  const auto count = static_cast<double>(queries.rows());
  const auto code_bytes =
      static_cast<double>(alike::index::Rabitq::bytes_per_row(queries.width()) +
                          alike::index::Rabitq::fine_bytes_per_row(queries.width(), bits));
  std::printf(
      "{\"read_gbs\": %.2f, \"build_s\": %.3f, \"same\": %.5f, \"reread\": %.1f, "
      "\"code_share\": %.4f, \"flat_one_ms\": %.4f, \"flat_batch_ms\": %.4f, "
      "\"coded_one_ms\": %.4f, \"coded_batch_ms\": %.4f}\n",
      1e-9 * alike::index::read_bandwidth(*source, options.threads), build, same / count,
      reread / count, code_bytes / static_cast<double>(queries.width() * sizeof(float)),
      flat.one_ms, flat.batch_ms, coded.one_ms, coded.batch_ms);
}
