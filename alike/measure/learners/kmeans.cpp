#include "alike/measure/learners/kmeans.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/index/kernels/kernels.h"
#include "alike/measure/learners/lloyd.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

/// k-means++ with some tries for each centre.
Matrix drawn_centers(MatrixView rows, const KMeansOptions& options) {
  Random random(options.seed);
  Matrix centers(options.clusters, rows.width);
  const auto tries = 2 + static_cast<std::size_t>(std::log(static_cast<double>(options.clusters)));
  std::vector<double> away(rows.rows, std::numeric_limits<double>::infinity());
  const auto nearer = [&](std::size_t chosen) {
    std::vector<double> next(rows.rows);
    parallel_for(rows.rows, 512, options.threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) {
        const double squared =
            double{index::kernels(Simd::scalar)
                       .l2_squared(rows.row(r).data(), rows.row(chosen).data(), rows.width)};
        next[r] = std::min(away[r], squared);
      }
    });
    return next;
  };
  const auto sum = [](const std::vector<double>& values) {
    double all = 0;
    for (const double value : values) all += value;
    return all;
  };
  for (std::size_t c = 0; c < options.clusters; ++c) {
    std::vector<double> best;
    std::size_t chosen = 0;
    const double all = c == 0 ? 0 : sum(away);
    for (std::size_t attempt = 0; attempt < (c == 0 ? 1 : tries); ++attempt) {
      std::size_t row = random.below(rows.rows);
      double left = random.uniform() * all;
      for (std::size_t r = 0; all > 0 && r < rows.rows; ++r) {
        row = r;
        left -= away[r];
        if (left < 0) break;
      }
      std::vector<double> next = nearer(row);
      if (best.empty() || sum(next) < sum(best)) best = std::move(next), chosen = row;
    }
    away = std::move(best);
    std::ranges::copy(rows.row(chosen), centers.row(c).begin());
  }
  return centers;
}

void check(MatrixView rows, const KMeansOptions& options) {
  if (options.clusters == 0 || options.clusters > rows.rows) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(options.clusters) + " clusters are asked for of " +
                    std::to_string(rows.rows) + " rows; there must be 1 to as many as rows");
  }
  if (options.most_rounds == 0) {
    throw Error(ErrorCode::invalid_argument, "most_rounds is 0; k-means needs one round at least");
  }
  check_finite(rows, "row");
}

}  // namespace

KMeans k_means_from(MatrixView rows, Matrix centers, const KMeansOptions& options,
                    const Watcher& watcher) {
  check(rows, options);
  if (centers.rows() != options.clusters || centers.width() != rows.width) {
    throw Error(ErrorCode::invalid_argument, "the first centres are " +
                                                 std::to_string(centers.rows()) + " of " +
                                                 std::to_string(centers.width()) + " numbers; " +
                                                 std::to_string(options.clusters) + " of " +
                                                 std::to_string(rows.width) + " are needed");
  }
  return Lloyd(rows, options).run(std::move(centers), watcher);
}

KMeans k_means(MatrixView rows, const KMeansOptions& options, const Watcher& watcher) {
  check(rows, options);
  return Lloyd(rows, options).run(drawn_centers(rows, options), watcher);
}

}  // namespace alike::measure
