#include "alike/measure/factors/factor_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

constexpr int kMostValues = 1'000'000;

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorCode::invalid_argument, why); }

/// Is there a column with two values?
bool vary(MatrixView codes) {
  const auto first = codes.row(0);
  for (std::size_t i = 1; i < codes.rows; ++i) {
    if (!std::ranges::equal(first, codes.row(i))) return true;
  }
  return false;
}

void check_factor(const FactorTable& factors, std::size_t factor, std::size_t count) {
  const std::string& name = factors.names[factor];
  std::vector<std::size_t> rows(count);
  for (std::size_t i = 0; i < factors.rows(); ++i) {
    ++rows[static_cast<std::size_t>(factors.at(i, factor))];
  }
  if (std::ranges::count_if(rows, [](std::size_t n) { return n > 0; }) < 2) {
    refuse("factor '" + name + "' has one value only and tells nothing; leave it out");
  }
  const auto lone = std::ranges::find(rows, std::size_t{1});
  if (lone != rows.end()) {
    refuse("value " + std::to_string(lone - rows.begin()) + " of factor '" + name +
           "' has one row only; give each value two rows at least, or leave the factor out");
  }
}

}  // namespace

std::vector<std::size_t> value_counts(const FactorTable& factors) {
  std::vector<std::size_t> counts(factors.factors());
  for (std::size_t i = 0; i < factors.rows(); ++i) {
    for (std::size_t f = 0; f < counts.size(); ++f) {
      const int value = factors.at(i, f);
      if (value < 0 || value > kMostValues) {
        refuse("factor '" + factors.names[f] + "' of row " + std::to_string(i) + " is " +
               std::to_string(value) + "; values are numbered from 0, up to " +
               std::to_string(kMostValues));
      }
      counts[f] = std::max(counts[f], static_cast<std::size_t>(value) + 1);
    }
  }
  return counts;
}

void check_codes(MatrixView codes, const FactorTable& factors) {
  if (factors.factors() < 2) {
    refuse("there are " + std::to_string(factors.factors()) +
           " factors that vary; disentanglement needs 2 at least");
  }
  if (factors.rows() != codes.rows || factors.values.size() != codes.rows * factors.factors()) {
    refuse("the factors are of " + std::to_string(factors.rows()) + " rows, the codes of " +
           std::to_string(codes.rows) + "; they must be of the same");
  }
  if (codes.width < 2) {
    refuse("rows of " + std::to_string(codes.width) +
           " numbers cannot be judged for disentanglement; it needs 2 at least");
  }
  if (factors.factors() >= codes.rows) {
    refuse("there are " + std::to_string(factors.factors()) + " factors and " +
           std::to_string(codes.rows) + " rows; there must be more rows than factors");
  }
  check_finite(codes, "codes");
  if (!vary(codes)) refuse("all rows of the codes are the same; they tell of no factor");
  const auto counts = value_counts(factors);
  for (std::size_t f = 0; f < counts.size(); ++f) check_factor(factors, f, counts[f]);
}

void check_options(const DisentanglementOptions& options) {
  if (!(options.test_share > 0 && options.test_share < 1)) {
    refuse("the share of the test is " + std::to_string(options.test_share) +
           "; it must be between 0 and 1");
  }
  if (options.trees < 1) refuse("trees is 0; it must be at least 1");
  if (options.bins < 2)
    refuse("bins is " + std::to_string(options.bins) + "; it must be at least 2");
  if (options.batch < 2) {
    refuse("batch is " + std::to_string(options.batch) + "; it must be at least 2");
  }
  if (options.train_votes < 1 || options.test_votes < 1) {
    refuse("there are no votes to learn from or to test by; give at least 1 of each");
  }
}

Split factor_split(std::size_t rows, const DisentanglementOptions& options) {
  std::vector<std::uint32_t> places(rows);
  std::iota(places.begin(), places.end(), 0U);
  const auto wanted = std::lround(options.test_share * static_cast<double>(rows));
  const auto count = std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, rows - 1);
  Random random(options.seed);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(places[i], places[i + random.below(rows - i)]);
  }
  const auto middle = places.begin() + static_cast<std::ptrdiff_t>(count);
  Split split{{middle, places.end()}, {places.begin(), middle}};
  std::ranges::sort(split.train);
  std::ranges::sort(split.test);
  return split;
}

std::vector<int> values_at(const FactorTable& factors, std::size_t factor,
                           const std::vector<std::uint32_t>& places) {
  std::vector<int> values;
  for (const std::uint32_t place : places) values.push_back(factors.at(place, factor));
  return values;
}

double mean_gap(const std::vector<double>& scores, std::size_t dims,
                const std::vector<double>& scale) {
  double sum = 0;
  for (std::size_t f = 0; f < scale.size(); ++f) {
    double best = 0, second = 0;
    for (std::size_t d = 0; d < dims; ++d) {
      const double score = scores[f * dims + d];
      second = std::max(second, std::min(score, best));
      best = std::max(best, score);
    }
    sum += (best - second) / scale[f];
  }
  return sum / static_cast<double>(scale.size());
}

}  // namespace alike::measure
