// k-means from given centres, and the k-NN votes of rows: time and result.
//
//   bench_kmeans centers ROWS.npy CENTERS.npy THREADS            prints JSON
//   bench_kmeans knn ROWS.npy LABELS.npy TRAIN METRIC THREADS    prints JSON
//
// `knn`: the first TRAIN rows vote for the others, uniformly, 1 and 5 neighbours.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "alike/base/npy.h"
#include "alike/measure/knn.h"
#include "alike/measure/learners/kmeans.h"
#include "bench/measure.h"

namespace {

using namespace alike;

void cluster(char** words) {
  const Matrix rows = read_npy(words[2]), centers = read_npy(words[3]);
  measure::KMeans found;
  const double took = bench::seconds_of([&] {
    found = measure::k_means_from(rows, centers,
                                  {.clusters = centers.rows(), .threads = std::atoi(words[4])});
  });
  std::printf("{\"s\": %.3f, \"rounds\": %zu, \"inertia\": %.9g}\n", took, found.rounds,
              found.inertia);
}

void vote(char** words) {
  const Matrix rows = read_npy(words[2]), numbers = read_npy(words[3]);
  std::vector<int> labels;
  for (std::size_t i = 0; i < numbers.rows(); ++i) {
    labels.push_back(static_cast<int>(numbers.data()[i]));
  }
  measure::Split split;
  const auto train = static_cast<std::uint32_t>(std::stoul(words[4]));
  for (std::uint32_t i = 0; i < rows.rows(); ++i)
    (i < train ? split.train : split.test).push_back(i);
  measure::Knn found;
  const double took = bench::seconds_of([&] {
    found = measure::classify_by_neighbors(
        rows, labels, split,
        {.metric = index::metric_from(words[5]), .k = {1, 5}, .threads = std::atoi(words[6])});
  });
  std::printf("{\"s\": %.2f", took);
  for (const auto& each : found.votes) {
    std::printf(", \"%s\": %.4f", each.accuracy.name.c_str(), each.accuracy.value);
  }
  std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string(argv[1]) == "centers") {
    cluster(argv);
    return 0;
  }
  if (argc != 7) return 2;
  vote(argv);
}
