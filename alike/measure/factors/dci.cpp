// `dci` of disentanglement.h.
#include <algorithm>
#include <mutex>
#include <numeric>
#include <span>
#include <vector>

#include "alike/base/math/exponential.h"
#include "alike/base/parallel.h"
#include "alike/measure/factors/factor_check.h"
#include "alike/measure/learners/boosted_trees.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

constexpr std::size_t kFewDims = 64;  // splits are tried at all values up to here
constexpr std::size_t kFewBins = 256;
constexpr double kNearlyNone = 1e-11;  // added to each importance, as disentanglement_lib does

/// 1 − H(values / their sum) / ln their number: 1 where all lies on one, 0 where all are equal.
double certainty(const std::vector<double>& values) {
  double sum = 0, entropy = 0;
  for (const double value : values) sum += value + kNearlyNone;
  for (const double value : values) {
    const double share = (value + kNearlyNone) / sum;
    entropy -= share * logarithm(share);
  }
  return 1 - entropy / logarithm(static_cast<double>(values.size()));
}

/// The mean of the certainties of rows or columns of `importance` (dims, factors), weighed by their
/// shares of all of it.
double weighed_certainty(const std::vector<double>& importance, std::size_t dims,
                         std::size_t factors, bool of_dims) {
  const double all = std::accumulate(importance.begin(), importance.end(), 0.0);
  double result = 0;
  for (std::size_t i = 0; i < (of_dims ? dims : factors); ++i) {
    std::vector<double> values;
    for (std::size_t j = 0; j < (of_dims ? factors : dims); ++j) {
      values.push_back(of_dims ? importance[i * factors + j] : importance[j * factors + i]);
    }
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    result += all > 0 ? sum / all * certainty(values) : 0;
  }
  return std::clamp(result, 0.0, 1.0);
}

}  // namespace

Dci dci(MatrixView codes, const FactorTable& factors, const DisentanglementOptions& options,
        const Watcher& watcher) {
  check_options(options);
  check_codes(codes, factors);
  const Split split = factor_split(codes.rows, options);
  const Matrix train = rows_at(codes, split.train), test = rows_at(codes, split.test);
  const BinnedColumns columns(train, codes.width > kFewDims ? kFewBins : BinnedColumns::kMostBins);
  const auto counts = value_counts(factors);
  const std::size_t count = counts.size();
  std::vector<std::vector<char>> right(count);  // (factors, test rows)
  Dci result;
  result.importance.resize(codes.width * count);
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(count, 1, options.threads, [&](std::size_t f, std::size_t) {
    const BoostedTrees trees(columns, values_at(factors, f, split.train), counts[f],
                             {.rounds = options.trees}, watcher.stop);
    for (std::size_t d = 0; d < codes.width; ++d) {
      result.importance[d * count + f] = trees.importance()[d];
    }
    for (std::size_t i = 0; i < test.rows(); ++i) {
      right[f].push_back(trees.classify(test.row(i)) == factors.at(split.test[i], f));
    }
    const std::lock_guard lock(mutex);
    watcher.tell({++done, count, 0});
  });
  result.disentanglement = weighed_certainty(result.importance, codes.width, count, true);
  result.completeness = weighed_certainty(result.importance, codes.width, count, false);
  std::vector<double> shares(test.rows());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    for (const auto& of_factor : right) shares[i] += of_factor[i];
    shares[i] /= static_cast<double>(count);
  }
  result.informativeness = mean_of("dci informativeness", split.test, std::move(shares));
  return result;
}

}  // namespace alike::measure
