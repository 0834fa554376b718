// How long retrieval measures take of many rows, each a query among the others.
//
//   bench_retrieval ROWS.npy LABELS.npy METRIC THREADS [whole]    prints JSON
//
// LABELS.npy has one column of class numbers. With `whole` mAP too.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "alike/base/npy.h"
#include "alike/measure/retrieval.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  using namespace alike;
  const Matrix rows = read_npy(argv[1]), numbers = read_npy(argv[2]);
  std::vector<int> labels;
  for (std::size_t i = 0; i < numbers.rows(); ++i) {
    labels.push_back(static_cast<int>(numbers.data()[i]));
  }
  measure::Retrieval found;
  const double took = bench::seconds_of([&] {
    found = measure::measure_retrieval(rows, labels,
                                       {.metric = index::metric_from(argv[3]),
                                        .cutoffs = {1},
                                        .whole_list = argc > 5,
                                        .threads = std::atoi(argv[4])});
  });
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  std::printf("{\"s\": %.2f, \"peak_mb\": %.0f, \"rows_mb\": %.0f", took,
              static_cast<double>(use.ru_maxrss) / 1024,
              static_cast<double>(rows.rows() * rows.width() * sizeof(float)) / 1e6);
  for (const auto& measure : found.measures) {
    std::printf(", \"%s\": %.9f", measure.name.c_str(), measure.value);
  }
  std::printf("}\n");
}
