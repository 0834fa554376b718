#include "alike/measure/clustering.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/math/assignment.h"
#include "alike/measure/learners/kmeans.h"
#include "alike/measure/placed_rows.h"

namespace alike::measure {
namespace {

/// How many rows each pair of a cluster and a class has.
struct Table {
  std::vector<std::vector<double>> counts;  // (clusters, classes)
  std::vector<double> of_cluster, of_class;
  double rows = 0;
};

Table table_of(std::span<const int> clusters, std::span<const int> labels) {
  if (clusters.size() != labels.size()) {
    throw Error(ErrorCode::invalid_argument, std::to_string(clusters.size()) + " clusters and " +
                                                 std::to_string(labels.size()) +
                                                 " labels are given; give one of each for a row");
  }
  std::map<int, std::size_t> cluster_at, class_at;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] < 0 || labels[i] < 0) continue;
    cluster_at.emplace(clusters[i], cluster_at.size());
    class_at.emplace(labels[i], class_at.size());
  }
  if (cluster_at.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "no row has both a cluster and a label; there is nothing to compare");
  }
  Table table;
  table.counts.assign(cluster_at.size(), std::vector<double>(class_at.size()));
  table.of_cluster.resize(cluster_at.size());
  table.of_class.resize(class_at.size());
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] < 0 || labels[i] < 0) continue;
    const std::size_t a = cluster_at[clusters[i]], b = class_at[labels[i]];
    ++table.counts[a][b];
    ++table.of_cluster[a];
    ++table.of_class[b];
    ++table.rows;
  }
  return table;
}

double entropy(const std::vector<double>& counts, double rows) {
  double sum = 0;
  for (const double count : counts) sum -= count > 0 ? count / rows * std::log(count / rows) : 0;
  return sum;
}

double information(const Table& table) {
  double sum = 0;
  for (std::size_t a = 0; a < table.counts.size(); ++a) {
    for (std::size_t b = 0; b < table.of_class.size(); ++b) {
      const double both = table.counts[a][b];
      if (both == 0) continue;
      sum += both / table.rows *
             std::log(table.rows * both / (table.of_cluster[a] * table.of_class[b]));
    }
  }
  return std::max(0.0, sum);
}

/// The mean information where rows are dealt to clusters and classes of these sizes by chance
/// (Vinh, Epps, Bailey 2010, equation 24a).
double expected_information(const Table& table) {
  const double n = table.rows;
  const auto ln = [](double x) { return std::lgamma(x + 1); };
  double sum = 0;
  for (const double a : table.of_cluster) {
    for (const double b : table.of_class) {
      for (double both = std::max(1.0, a + b - n); both <= std::min(a, b); ++both) {
        const double chance = ln(a) + ln(b) + ln(n - a) + ln(n - b) - ln(n) - ln(both) -
                              ln(a - both) - ln(b - both) - ln(n - a - b + both);
        sum += both / n * std::log(n * both / (a * b)) * std::exp(chance);
      }
    }
  }
  return sum;
}

double pairs(double count) { return count * (count - 1) / 2; }

double adjusted_rand(const Table& table) {
  double both = 0, in_cluster = 0, in_class = 0;
  for (const auto& row : table.counts) {
    for (const double count : row) both += pairs(count);
  }
  for (const double count : table.of_cluster) in_cluster += pairs(count);
  for (const double count : table.of_class) in_class += pairs(count);
  const double chance = table.rows > 1 ? in_cluster * in_class / pairs(table.rows) : 0;
  const double most = (in_cluster + in_class) / 2;
  return most == chance ? 1 : (both - chance) / (most - chance);
}

/// The largest share of rows in the class of their cluster, over all ways to give each cluster a
/// class of its own.
double matched_share(const Table& table) {
  const std::size_t clusters = table.of_cluster.size(), classes = table.of_class.size();
  const bool turned = clusters > classes;
  const std::size_t n = std::min(clusters, classes), m = std::max(clusters, classes);
  std::vector<double> cost(n * m);
  for (std::size_t a = 0; a < clusters; ++a) {
    for (std::size_t b = 0; b < classes; ++b) {
      cost[turned ? b * m + a : a * m + b] = -table.counts[a][b];
    }
  }
  const auto matched = cheapest_assignment(cost, n, m);
  double sum = 0;
  for (std::size_t r = 0; r < n; ++r) sum -= cost[r * m + matched[r]];
  return sum / table.rows;
}

}  // namespace

Agreement agreement(std::span<const int> clusters, std::span<const int> labels) {
  const Table table = table_of(clusters, labels);
  const double mean =
      (entropy(table.of_cluster, table.rows) + entropy(table.of_class, table.rows)) / 2;
  const double shared = information(table), expected = expected_information(table);
  Agreement found;
  found.rows = static_cast<std::size_t>(table.rows);
  // Where all rows are in one cluster and one class, the two agree and there is nothing to know.
  const bool all_one = table.of_cluster.size() == 1 && table.of_class.size() == 1;
  found.nmi = all_one ? 1 : mean > 0 ? shared / mean : 0;
  const double beyond = mean - expected;
  // Of rows that are each alone in cluster and class, no chance tells less: 0/0, and they agree.
  const auto each = static_cast<std::size_t>(table.rows);
  const bool all_apart = table.of_cluster.size() == each && table.of_class.size() == each;
  found.ami = all_one || all_apart       ? 1
              : std::abs(beyond) > 1e-15 ? (shared - expected) / beyond
                                         : 0;
  found.ari = adjusted_rand(table);
  found.accuracy = matched_share(table);
  for (const auto& row : table.counts) found.purity += std::ranges::max(row) / table.rows;
  return found;
}

std::vector<Measure> measure_clusters(MatrixView rows, std::span<const int> labels,
                                      const ClusteringOptions& options, const Watcher& watcher) {
  std::vector<int> classes;
  for (const int label : labels) {
    if (label >= 0) classes.push_back(label);
  }
  std::ranges::sort(classes);
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  if (classes.size() < 2 || options.seeds.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "clusters are judged by two classes or more and one seed at least; there are " +
                    std::to_string(classes.size()) + " classes and " +
                    std::to_string(options.seeds.size()) + " seeds");
  }
  Matrix placed;
  if (options.metric == index::Metric::cosine) placed = unit_rows(rows);
  if (options.metric == index::Metric::l2) placed = centered_rows(rows);
  if (placed.rows() > 0) rows = placed.view();
  Agreement sum;
  for (const std::uint64_t seed : options.seeds) {
    const KMeans found = k_means(
        rows, {.clusters = classes.size(), .seed = seed, .threads = options.threads}, watcher);
    const Agreement one = agreement(found.clusters, labels);
    sum.nmi += one.nmi, sum.ami += one.ami, sum.ari += one.ari;
    sum.accuracy += one.accuracy, sum.purity += one.purity;
  }
  const auto count = static_cast<double>(options.seeds.size());
  return {{"nmi", sum.nmi / count, {}, {}},
          {"ami", sum.ami / count, {}, {}},
          {"ari", sum.ari / count, {}, {}},
          {"clustering accuracy", sum.accuracy / count, {}, {}},
          {"purity", sum.purity / count, {}, {}}};
}

}  // namespace alike::measure
