// A linear probe: the time of one fit, and its accuracy.
//
//   bench_probe ROWS.npy LABELS.npy STRENGTH THREADS    prints JSON
//
// LABELS.npy has one column of class numbers. `prepare_s` is the time before a fit, once for all
// strengths: standardising, packing, principal components.
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <vector>

#include "alike/base/npy.h"
#include "alike/measure/learners/softmax_regression.h"
#include "bench/measure.h"

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  using namespace alike;
  using namespace alike::measure;
  const Matrix rows = read_npy(argv[1]), numbers = read_npy(argv[2]);
  const double strength = std::atof(argv[3]);
  const int threads = std::atoi(argv[4]);
  std::vector<int> labels;
  int classes = 0;
  for (std::size_t i = 0; i < numbers.rows(); ++i) {
    labels.push_back(static_cast<int>(numbers.data()[i]));
    classes = std::max(classes, labels.back() + 1);
  }
  std::vector<std::uint32_t> all(rows.rows());
  std::iota(all.begin(), all.end(), 0U);
  std::optional<PackedRows> packed;
  std::optional<SoftmaxRegression> regression;
  const double prepared = bench::seconds_of([&] {
    packed.emplace(rows, all, standard_of(rows, all, threads), threads);
    regression.emplace(*packed, labels, static_cast<std::size_t>(classes), threads);
  });
  LinearClassifier fitted;
  const double took = bench::seconds_of([&] { fitted = regression->fit(strength); });
  const auto told = predict(fitted, *packed, threads);
  std::size_t right = 0;
  for (std::size_t i = 0; i < told.size(); ++i) right += told[i] == labels[i] ? 1U : 0U;
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  std::printf(
      "{\"prepare_s\": %.3f, \"fit_s\": %.3f, \"evaluations\": %zu, \"objective\": %.8f, "
      "\"accuracy\": %.5f, \"peak_mb\": %.0f}\n",
      prepared, took, fitted.evaluations, fitted.objective,
      static_cast<double>(right) / static_cast<double>(told.size()),
      static_cast<double>(use.ru_maxrss) / 1024);
}
