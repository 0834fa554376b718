#include "alike/evaluate/kmeans.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/evaluate/nearest_rows.h"
#include "alike/index/kernels.h"

namespace alike::evaluate {
namespace {

constexpr std::size_t kLanes = index::kPanelQueries;
constexpr std::size_t kSomeRows = 64;  // multiplied together
constexpr std::size_t kPieces = 32;    // of the rows, each summed up by one thread

/// Centres as panels of `dot_panel`.
class Panels {
 public:
  explicit Panels(const Matrix& centers) : count_(centers.rows()), width_(centers.width()) {
    values_.resize(groups() * width_ * kLanes);
    for (std::size_t c = 0; c < count_; ++c) {
      float* panel = values_.data() + c / kLanes * width_ * kLanes + c % kLanes;
      float norm = 0;
      for (std::size_t j = 0; j < width_; ++j) {
        const float value = centers.row(c)[j];
        panel[j * kLanes] = value;
        norm += value * value;
      }
      norms_.push_back(norm);
    }
  }
  std::size_t groups() const { return (count_ + kLanes - 1) / kLanes; }

  /// Calls `take(row, center, squared distance less that of the row from 0)` with the nearest
  /// centre of each of `count` rows.
  void nearest(const float* rows, std::size_t count, std::vector<float>& products,
               const auto& take) const {
    products.resize(groups() * kSomeRows * kLanes);
    for (std::size_t g = 0; g < groups(); ++g) {
      index::kernels().dot_panel(values_.data() + g * width_ * kLanes, rows, count, width_,
                                 products.data() + g * kSomeRows * kLanes);
    }
    for (std::size_t r = 0; r < count; ++r) {
      std::size_t best = 0;
      float least = std::numeric_limits<float>::infinity();
      for (std::size_t c = 0; c < count_; ++c) {
        const float product = products[(c / kLanes * kSomeRows + r) * kLanes + c % kLanes];
        const float value = norms_[c] - 2 * product;
        if (value < least) best = c, least = value;
      }
      take(r, best, least);
    }
  }

 private:
  std::size_t count_, width_;
  std::vector<float> values_, norms_;
};

double squared_distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double step = double{a[i]} - double{b[i]};
    sum += step * step;
  }
  return sum;
}

/// Lloyd's iteration.
class Lloyd {
 public:
  Lloyd(MatrixView rows, const KMeansOptions& options) : rows_(rows), options_(options) {
    for (std::size_t r = 0; r < rows.rows; ++r) {
      const float* row = rows.row(r).data();
      norms_.push_back(index::kernels().dot(row, row, rows.width));
    }
  }

  KMeans run(Matrix centers, const Watcher& watcher) {
    KMeans found;
    found.clusters.assign(rows_.rows, -1);
    const double enough = options_.tolerance * mean_variance();
    for (bool ended = false; !ended;) {
      if (watcher.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "stopped; no clusters were found");
      }
      const std::vector<int> before = found.clusters;
      assign(centers, found);
      ++found.rounds;
      watcher.tell({found.rounds, options_.most_rounds, 0});
      ended = found.clusters == before || found.rounds >= options_.most_rounds;
      if (ended) break;
      Matrix moved = means(centers, found);
      double way = 0;
      for (std::size_t c = 0; c < centers.rows(); ++c) {
        way += squared_distance(centers.row(c), moved.row(c));
      }
      centers = std::move(moved);
      if (way <= enough) {
        assign(centers, found);
        ended = true;
      }
    }
    found.centers = std::move(centers);
    return found;
  }

 private:
  struct Piece {
    std::vector<float> sums;  // (clusters, width)
    std::vector<std::size_t> counts;
    double inertia = 0;
  };

  double mean_variance() const {
    std::vector<double> sum(rows_.width), square(rows_.width);
    for (std::size_t r = 0; r < rows_.rows; ++r) {
      const float* row = rows_.row(r).data();
      for (std::size_t j = 0; j < rows_.width; ++j) {
        sum[j] += double{row[j]};
        square[j] += double{row[j]} * double{row[j]};
      }
    }
    const auto count = static_cast<double>(rows_.rows);
    double all = 0;
    for (std::size_t j = 0; j < rows_.width; ++j) {
      all += square[j] / count - sum[j] / count * (sum[j] / count);
    }
    return std::max(0.0, all) / static_cast<double>(std::max<std::size_t>(1, rows_.width));
  }

  /// Gives each row to its nearest centre, and adds it to that of its piece meanwhile.
  void assign(const Matrix& centers, KMeans& found) {
    const Panels panels(centers);
    pieces_.assign(std::min(kPieces, rows_.rows), {});
    parallel_for(pieces_.size(), 1, options_.threads, [&](std::size_t at, std::size_t) {
      Piece& piece = pieces_[at];
      piece.sums.resize(centers.rows() * rows_.width);
      piece.counts.resize(centers.rows());
      std::vector<float> products;
      const std::size_t end = (at + 1) * rows_.rows / pieces_.size();
      for (std::size_t first = at * rows_.rows / pieces_.size(); first < end; first += kSomeRows) {
        const std::size_t count = std::min(kSomeRows, end - first);
        panels.nearest(rows_.data + first * rows_.width, count, products,
                       [&](std::size_t r, std::size_t center, float value) {
                         found.clusters[first + r] = static_cast<int>(center);
                         piece.inertia += std::max(0.0F, norms_[first + r] + value);
                         ++piece.counts[center];
                         const float* row = rows_.row(first + r).data();
                         float* sum = piece.sums.data() + center * rows_.width;
                         for (std::size_t j = 0; j < rows_.width; ++j) sum[j] += row[j];
                       });
      }
    });
    found.inertia = 0;
    for (const Piece& piece : pieces_) found.inertia += piece.inertia;
  }

  /// The mean row of each cluster.
  Matrix means(const Matrix& centers, KMeans& found) const {
    Matrix moved(centers.rows(), centers.width());
    for (std::size_t c = 0; c < centers.rows(); ++c) {
      std::vector<double> sum(rows_.width);
      std::size_t count = 0;
      for (const Piece& piece : pieces_) {
        count += piece.counts[c];
        for (std::size_t j = 0; j < rows_.width; ++j) {
          sum[j] += double{piece.sums[c * rows_.width + j]};
        }
      }
      if (count == 0) {
        std::ranges::copy(rows_.row(farthest(centers, found)), moved.row(c).begin());
        continue;
      }
      for (std::size_t j = 0; j < rows_.width; ++j) {
        moved.row(c)[j] = static_cast<float>(sum[j] / static_cast<double>(count));
      }
    }
    return moved;
  }

  /// The row farthest from its centre, which it then counts as.
  std::size_t farthest(const Matrix& centers, KMeans& found) const {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t r = 0; r < rows_.rows; ++r) {
      if (found.clusters[r] < 0) continue;
      const auto center = static_cast<std::size_t>(found.clusters[r]);
      const double away = squared_distance(rows_.row(r), centers.row(center));
      if (away > most) best = r, most = away;
    }
    found.clusters[best] = -1;
    return best;
  }

  MatrixView rows_;
  const KMeansOptions& options_;
  std::vector<float> norms_;
  std::vector<Piece> pieces_;
};

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
        if ((left -= away[r]) < 0) break;
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

}  // namespace alike::evaluate
