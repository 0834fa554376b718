#include "alike/measure/geometry.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/math/sample.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/measure/learners/nearest_rows.h"
#include "alike/measure/placed_rows.h"

namespace alike::measure {
namespace {

constexpr std::size_t kMostGram = 4096;  // side of the largest matrix to take eigenvalues of
constexpr double kCollapsed = 0.01;      // of the width that RankMe may come to

Measure of(std::string name, double value) { return {std::move(name), value, {}, {}}; }

double product(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

double apart(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
  }
  return sum;
}

std::size_t zeros_in(const Matrix& rows) {
  std::size_t zeros = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    zeros += std::ranges::all_of(rows.row(r), [](float value) { return value == 0; }) ? 1U : 0U;
  }
  return zeros;
}

/// The singular values of rows, from the eigenvalues of the smaller matrix of products.
std::vector<double> singular_values(const Matrix& rows, int threads) {
  const bool by_columns = rows.width() <= kMostGram && rows.width() <= rows.rows();
  Matrix vectors;
  if (by_columns) {
    vectors = Matrix(rows.width(), rows.rows());
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (std::size_t j = 0; j < rows.width(); ++j) vectors.row(j)[r] = rows.row(r)[j];
    }
  } else {
    vectors = rows_at(rows, even_places(rows.rows(), kMostGram));
  }
  const auto side = static_cast<Eigen::Index>(vectors.rows());
  Eigen::MatrixXd gram(side, side);
  parallel_for(vectors.rows(), 8, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t a = begin; a < end; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        gram(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) =
            product(vectors.row(a), vectors.row(b));
      }
    }
  });
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(gram, Eigen::EigenvaluesOnly);
  std::vector<double> values;
  for (Eigen::Index i = 0; i < side; ++i) {
    values.push_back(std::sqrt(std::max(0.0, solved.eigenvalues()(i))));
  }
  return values;
}

double rank_me(const std::vector<double>& singular) {
  double sum = 0, entropy = 0;
  for (const double value : singular) sum += value;
  if (sum == 0) return 0;
  for (const double value : singular) {
    const double share = value / sum + 1e-7;
    entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

/// Means over random pairs of rows of length 1.
struct Pairs {
  double uniform = 0, cosine = 0;
  double aligned = 0, within = 0, between = 0;  // squared; distances
  std::size_t all = 0, same = 0, other = 0;
};

/// `unit`: rows of length 1 for the cosine, else as they are.
Pairs paired(const Matrix& unit, std::span<const int> labels, const GeometryOptions& options) {
  Pairs pairs;
  Random random(options.seed);
  for (std::size_t i = 0; i < options.pairs; ++i) {
    const std::size_t a = random.below(unit.rows()), b = random.below(unit.rows());
    if (a == b) continue;
    const double cosine = product(unit.row(a), unit.row(b));
    const double squared = apart(unit.row(a), unit.row(b));
    pairs.uniform += std::exp(-2 * squared);
    pairs.cosine += cosine;
    ++pairs.all;
    if (labels.empty() || labels[a] < 0 || labels[b] < 0) continue;
    const bool same = labels[a] == labels[b];
    (same ? pairs.within : pairs.between) += std::sqrt(squared);
    ++(same ? pairs.same : pairs.other);
    if (same) pairs.aligned += squared;
  }
  return pairs;
}

void add_pairs(const Pairs& pairs, bool of_directions, Geometry& found) {
  const auto all = static_cast<double>(std::max<std::size_t>(1, pairs.all));
  if (of_directions) found.measures.push_back(of("uniformity", std::log(pairs.uniform / all)));
  if (of_directions && pairs.same > 0) {
    found.measures.push_back(of("alignment", pairs.aligned / static_cast<double>(pairs.same)));
  }
  if (pairs.same > 0 && pairs.other > 0 && pairs.between > 0) {
    found.measures.push_back(
        of("class ratio", pairs.within / static_cast<double>(pairs.same) /
                              (pairs.between / static_cast<double>(pairs.other))));
  }
  if (of_directions) found.measures.push_back(of("anisotropy", pairs.cosine / all));
}

/// How often each row is among the nearest of others.
void add_hubs(const Matrix& rows, const GeometryOptions& options, const Watcher& watcher,
              Geometry& found) {
  const std::size_t k = std::min(options.neighbors, rows.rows() - 1);
  std::vector<double> times(rows.rows());
  for_nearest(rows, rows, {.metric = options.metric, .k = k + 1, .threads = options.threads},
              watcher, [&](std::size_t query, std::span<const index::Neighbor> nearest) {
                std::size_t taken = 0;
                for (const auto& neighbor : nearest) {
                  const auto at = static_cast<std::size_t>(neighbor.id);
                  if (at == query || taken == k) continue;
                  ++times[at];
                  ++taken;
                }
              });
  const auto count = static_cast<double>(rows.rows());
  double second = 0, third = 0, orphans = 0;
  for (const double value : times) {
    const double off = value - static_cast<double>(k);
    second += off * off / count;
    third += off * off * off / count;
    orphans += value == 0 ? 1 / count : 0;
  }
  const double skewness = second > 0 ? third / std::pow(second, 1.5) : 0;
  found.measures.push_back(of("hubness", skewness));
  found.measures.push_back(of("orphans", orphans));
}

/// The slope through 0 of −ln(1 − F(μ)) over ln μ, μ the ratio of the distances of the second and
/// the first neighbour, without the tenth of the largest, as the authors do.
void add_dimension(const Matrix& rows, const GeometryOptions& options, const Watcher& watcher,
                   Geometry& found) {
  std::vector<double> logs;
  for_nearest(rows, rows, {.metric = index::Metric::l2, .k = 3, .threads = options.threads},
              watcher, [&](std::size_t query, std::span<const index::Neighbor> nearest) {
                std::vector<double> away;
                for (const auto& neighbor : nearest) {
                  if (neighbor.id != static_cast<std::int64_t>(query)) {
                    away.push_back(double{neighbor.distance});
                  }
                }
                if (away.size() < 2 || away[0] <= 0) return;
                logs.push_back(std::log(away[1] / away[0]));
              });
  std::ranges::sort(logs);
  const auto count = static_cast<double>(logs.size());
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < logs.size() * 9 / 10; ++i) {
    const double y = -std::log(1 - static_cast<double>(i + 1) / count);
    xy += logs[i] * y;
    xx += logs[i] * logs[i];
  }
  if (xx > 0) {
    found.measures.push_back(of("intrinsic dimension", xy / xx));
  } else {
    found.warnings.emplace_back("the intrinsic dimension is not told: too few rows differ");
  }
}

/// Columns that are the same in all rows.
std::size_t constant_columns(const Matrix& rows) {
  std::size_t count = 0;
  for (std::size_t j = 0; j < rows.width(); ++j) {
    bool same = true;
    for (std::size_t r = 1; same && r < rows.rows(); ++r) same = rows.row(r)[j] == rows.row(0)[j];
    count += same ? 1U : 0U;
  }
  return count;
}

}  // namespace

Geometry measure_geometry(MatrixView rows, std::span<const int> labels,
                          const GeometryOptions& options, const Watcher& watcher) {
  if (rows.rows < 3 || options.sample < 3) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(std::min(rows.rows, options.sample)) +
                    " rows are too few to say how they lie; give 3 or more");
  }
  require_for_each_row_or_none(labels.size(), "labels", rows.rows);
  check_finite(rows, "row");
  const auto places = even_places(rows.rows, options.sample);
  const Matrix some = rows_at(rows, places);
  std::vector<int> of_some;
  if (!labels.empty()) {
    for (const std::uint32_t place : places) of_some.push_back(labels[place]);
  }
  Geometry found;
  found.rows = some.rows();
  const bool by_distance = options.metric == index::Metric::l2;
  const auto singular = singular_values(by_distance ? centered_rows(some) : some, options.threads);
  const double rank = rank_me(singular);
  found.measures.push_back(of("rankme", rank));
  const bool of_directions = options.metric == index::Metric::cosine;
  const Matrix unit = of_directions ? unit_rows(some) : Matrix();
  const Matrix& placed = of_directions ? unit : some;
  add_pairs(paired(placed, of_some, options), of_directions, found);
  add_hubs(some, options, watcher, found);
  add_dimension(placed, options, watcher, found);
  if (const std::size_t constant = constant_columns(some); constant > 0) {
    found.warnings.push_back(std::to_string(constant) + " of " + std::to_string(rows.width) +
                             " numbers are the same in all rows");
  }
  if (const std::size_t zeros = by_distance ? 0 : zeros_in(some); zeros > 0)
    found.warnings.push_back(std::to_string(zeros) + " rows are all zeros");
  const auto most = static_cast<double>(singular.size());
  if (rank < std::max(1.5, kCollapsed * most)) {
    found.warnings.emplace_back("the rows have collapsed to few directions (see rankme)");
  }
  return found;
}

}  // namespace alike::measure
