#include "alike/map/layout/affinities.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"
#include "alike/base/parallel.h"

namespace alike::map {
namespace {

constexpr std::size_t kGrain = 256;
constexpr int kRounds = 100;
constexpr double kTolerance = 1e-6;

void check(const Neighbors& neighbors, double perplexity) {
  if (!(perplexity >= 1 && std::isfinite(perplexity))) {
    throw Error(ErrorCode::invalid_argument,
                "perplexity is " + std::to_string(perplexity) + "; it must be at least 1");
  }
  if (neighbors.rows == 0) {
    throw Error(ErrorCode::invalid_argument, "there are no rows to make a map of");
  }
}

/// Sets `chances` to exp(−β x) for squared distances beyond the nearest; returns the slope of the
/// entropy over β, and the entropy.
std::pair<double, double> entropy_at(double beta, std::span<const double> squares,
                                     std::span<double> chances) {
  double sum = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < squares.size(); ++i) {
    const double x = squares[i];
    const double e = exponential(-beta * x);
    chances[i] = e;
    sum += e;
    first += e * x;
    second += e * x * x;
  }
  for (double& chance : chances) chance /= sum;
  const double mean = first / sum;
  return {-beta * (second / sum - mean * mean), logarithm(sum) + beta * mean};
}

/// Newton's method within an interval that is halved where a step would leave it.
void find_chances(std::span<const float> distances, double entropy, std::vector<double>& squares,
                  std::vector<double>& chances) {
  const double nearest = static_cast<double>(distances[0]) * static_cast<double>(distances[0]);
  double mean = 0;
  squares.clear();
  for (const float distance : distances) {
    squares.push_back(static_cast<double>(distance) * static_cast<double>(distance) - nearest);
    mean += squares.back() / static_cast<double>(distances.size());
  }
  chances.assign(distances.size(), 1 / static_cast<double>(distances.size()));
  if (mean <= 0) return;
  double beta = 1 / mean, low = 0, high = std::numeric_limits<double>::infinity();
  for (int round = 0; round < kRounds; ++round) {
    const auto [slope, reached] = entropy_at(beta, squares, chances);
    const double over = reached - entropy;
    if (std::abs(over) < kTolerance) return;
    (over > 0 ? low : high) = beta;
    const double next = beta - over / slope;
    const double half = std::isfinite(high) ? (low + high) / 2 : 2 * beta;
    beta = next > low && next < std::min(high, 16 * beta) ? next : half;
  }
}

/// Which rows have row t among their neighbours: places in the table, in compressed rows.
std::pair<std::vector<std::uint64_t>, std::vector<std::uint64_t>> turned(const Neighbors& table) {
  std::vector<std::uint64_t> begins(table.rows + 1), entries(table.places.size());
  for (const std::uint32_t place : table.places) ++begins[place + 1];
  for (std::size_t row = 0; row < table.rows; ++row) begins[row + 1] += begins[row];
  std::vector<std::uint64_t> next(begins.begin(), begins.end() - 1);
  for (std::uint64_t i = 0; i < entries.size(); ++i) entries[next[table.places[i]]++] = i;
  return {std::move(begins), std::move(entries)};
}

/// Half of the chance of each entry of the table, of all rows together.
std::vector<float> half_chances(const Neighbors& table, double perplexity, int threads) {
  const std::size_t rows = table.rows, k = table.k;
  std::vector<float> chances(rows * k);
  const double entropy = logarithm(perplexity);
  parallel_for(rows, kGrain, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<double> squares, found;
    for (std::size_t row = begin; row < end; ++row) {
      find_chances(table.distances_of(row), entropy, squares, found);
      for (std::size_t i = 0; i < k; ++i) {
        chances[row * k + i] = static_cast<float>(found[i] / (2 * static_cast<double>(rows)));
      }
    }
  });
  return chances;
}

using Pairs = std::vector<std::pair<std::uint32_t, float>>;  // a row and its weight

/// Sorts by row, and makes one pair of two with the same one.
void join_equal(Pairs& pairs) {
  std::ranges::sort(pairs);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (kept > 0 && pairs[kept - 1].first == pairs[i].first) {
      pairs[kept - 1].second += pairs[i].second;
    } else {
      pairs[kept++] = pairs[i];
    }
  }
  pairs.resize(kept);
}

}  // namespace

Affinities affinities(const Neighbors& table, double perplexity, int threads) {
  check(table, perplexity);
  const std::size_t rows = table.rows, k = table.k;
  Affinities made;
  made.perplexity = std::max(1.0, std::min(perplexity, static_cast<double>(k) / 3));
  made.begins.assign(rows + 1, 0);
  if (k == 0) return made;

  const std::vector<float> chances = half_chances(table, made.perplexity, threads);
  const auto [begins, entries] = turned(table);
  const auto find_pairs = [&, &begins = begins, &entries = entries](std::size_t row, Pairs& pairs) {
    pairs.clear();
    for (std::size_t i = row * k; i < (row + 1) * k; ++i) {
      pairs.emplace_back(table.places[i], chances[i]);
    }
    for (std::uint64_t i = begins[row]; i < begins[row + 1]; ++i) {
      pairs.emplace_back(static_cast<std::uint32_t>(entries[i] / k), chances[entries[i]]);
    }
    join_equal(pairs);
  };
  const auto for_rows = [&](const auto& work) {
    parallel_for(rows, kGrain, threads, [&](std::size_t begin, std::size_t end) {
      Pairs pairs;
      for (std::size_t row = begin; row < end; ++row) {
        find_pairs(row, pairs);
        work(row, pairs);
      }
    });
  };
  for_rows([&](std::size_t row, const auto& pairs) { made.begins[row + 1] = pairs.size(); });
  for (std::size_t row = 0; row < rows; ++row) made.begins[row + 1] += made.begins[row];
  made.targets.resize(made.begins.back());
  made.weights.resize(made.begins.back());
  for_rows([&](std::size_t row, const auto& pairs) {
    std::uint64_t to = made.begins[row];
    for (const auto& [target, weight] : pairs) {
      made.targets[to] = target;
      made.weights[to++] = weight;
    }
  });
  return made;
}

}  // namespace alike::map
