#include "alike/map/layout/pca_layout.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/map/layout/placed_rows.h"

namespace alike::map {
namespace {

constexpr std::size_t kLanes = 8;   ///< Directions iterated: two needed, six that speed it up.
constexpr std::size_t kParts = 16;  ///< Parts of the rows with a sum each, whatever the threads.
constexpr int kRounds = 16;
constexpr double kSettled = 1e-10;  ///< Relative change of the variances that ends the rounds.
constexpr double kNothing = 1e-24;  ///< Share of the squares that is rounding, not variance.
constexpr std::uint64_t kSeed = 2011;

using Lanes = std::array<double, kLanes>;
using Basis = std::vector<Lanes>;  // (width), the directions as columns
using Small = Eigen::Matrix<double, kLanes, kLanes>;

/// The living rows in parts, less their mean.
class Rows {
 public:
  Rows(std::shared_ptr<const index::RowSource> source, index::Metric metric, int threads)
      : placed_(std::move(source)),
        metric_(metric),
        threads_(threads),
        mean_(placed_.width()),
        scales_(placed_.living(), 1) {
    if (placed_.living() == 0) {
      throw Error(ErrorCode::invalid_argument, "there are no rows to make a map of");
    }
    find_mean();
  }

  std::size_t count() const { return placed_.living(); }
  std::size_t width() const { return mean_.size(); }
  /// Σ |x|², and Σ |x − mean|².
  double squares() const { return squares_; }
  double variance() const { return variance_; }

  /// Calls `work(part, place, row)` for each row less the mean, each part on one thread.
  void each(const auto& work) const {
    each_as_is([&](std::size_t part, std::size_t place, const float* row, auto& centered) {
      for (std::size_t i = 0; i < mean_.size(); ++i) {
        centered[i] = static_cast<double>(row[i]) * scales_[place] - mean_[i];
      }
      work(part, place, std::as_const(centered));
    });
  }

 private:
  void each_as_is(const auto& work) const {
    parallel_for(kParts, 1, threads_, [&](std::size_t part, std::size_t) {
      std::vector<double> room(mean_.size());
      const std::size_t blocks = placed_.block_count();
      for (std::size_t b = blocks * part / kParts; b < blocks * (part + 1) / kParts; ++b) {
        const index::RowBlock block = placed_.block(b);
        for (std::size_t r = 0; r < block.rows; ++r) {
          if (block.ids[r] < 0) continue;
          work(part, static_cast<std::size_t>(block.ids[r]), block.values + r * mean_.size(), room);
        }
      }
    });
  }

  void find_mean() {
    std::vector<std::vector<double>> sums(kParts, std::vector<double>(width()));
    std::array<double, kParts> squares{};
    each_as_is([&](std::size_t part, std::size_t place, const float* row, auto&) {
      double square = 0;
      for (std::size_t i = 0; i < width(); ++i) {
        square += static_cast<double>(row[i]) * static_cast<double>(row[i]);
      }
      if (!std::isfinite(square)) {
        throw Error(ErrorCode::invalid_argument,
                    "row " + std::to_string(place) + " holds NaN or infinity; a map needs numbers");
      }
      if (metric_ == index::Metric::cosine) scales_[place] = square > 0 ? 1 / std::sqrt(square) : 0;
      squares[part] += square * scales_[place] * scales_[place];
      for (std::size_t i = 0; i < width(); ++i) {
        sums[part][i] += static_cast<double>(row[i]) * scales_[place];
      }
    });
    for (std::size_t part = 0; part < kParts; ++part) {
      squares_ += squares[part];
      for (std::size_t i = 0; i < width(); ++i) mean_[i] += sums[part][i];
    }
    for (double& value : mean_) value /= static_cast<double>(count());
    squares = {};
    each([&](std::size_t part, std::size_t, const std::vector<double>& row) {
      double square = 0;
      for (const double value : row) square += value * value;
      squares[part] += square;
    });
    for (const double square : squares) variance_ += square;
  }

  PlacedRows placed_;
  index::Metric metric_;
  int threads_;
  std::vector<double> mean_, scales_;
  double squares_ = 0, variance_ = 0;
};

Lanes along(const std::vector<double>& row, const Basis& basis) {
  Lanes sum{};
  for (std::size_t i = 0; i < row.size(); ++i) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sum[lane] += row[i] * basis[i][lane];
  }
  return sum;
}

/// The scatter matrix of the rows times the basis.
Basis scattered(const Rows& rows, const Basis& basis) {
  std::vector<Basis> sums(kParts, Basis(rows.width()));
  rows.each([&](std::size_t part, std::size_t, const std::vector<double>& row) {
    const Lanes t = along(row, basis);
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) sums[part][i][lane] += row[i] * t[lane];
    }
  });
  for (std::size_t part = 1; part < kParts; ++part) {
    for (std::size_t i = 0; i < rows.width(); ++i) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) sums[0][i][lane] += sums[part][i][lane];
    }
  }
  return std::move(sums[0]);
}

double product(const Basis& a, std::size_t i, const Basis& b, std::size_t j) {
  double sum = 0;
  for (std::size_t row = 0; row < a.size(); ++row) sum += a[row][i] * b[row][j];
  return sum;
}

/// Gram-Schmidt, twice; a direction that depends on those before it becomes 0.
void orthonormalize(Basis& basis) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const double before = std::sqrt(product(basis, lane, basis, lane));
    for (std::size_t other = 0; other < 2 * lane; ++other) {
      const double share = product(basis, other % lane, basis, lane);
      for (Lanes& row : basis) row[lane] -= share * row[other % lane];
    }
    const double left = std::sqrt(product(basis, lane, basis, lane));
    const double factor = left > 1e-12 * before ? 1 / left : 0;
    for (Lanes& row : basis) row[lane] *= factor;
  }
}

Basis first_basis(std::size_t width) {
  Basis basis(width);
  Random random(kSeed);
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      basis[i][lane] = width <= kLanes ? (i == lane ? 1 : 0) : random.uniform() - 0.5;
    }
  }
  orthonormalize(basis);
  return basis;
}

/// The component of the basis that `mix` makes, its number of largest size positive.
std::vector<double> component(const Basis& basis, const Eigen::Ref<const Eigen::VectorXd>& mix) {
  std::vector<double> made(basis.size());
  double largest = 0;
  for (std::size_t i = 0; i < basis.size(); ++i) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      made[i] += basis[i][lane] * mix[static_cast<Eigen::Index>(lane)];
    }
    if (std::abs(made[i]) > std::abs(largest)) largest = made[i];
  }
  if (largest < 0) {
    for (double& value : made) value = -value;
  }
  return made;
}

struct Components {
  std::array<std::vector<double>, 2> directions;
  std::array<double, 2> variances{};
};

Components find_components(const Rows& rows, const Watcher& watcher) {
  Basis basis = first_basis(rows.width());
  Components found;
  for (int round = 1;; ++round) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped; no map made");
    Basis next = scattered(rows, basis);
    Small among;
    for (std::size_t i = 0; i < kLanes; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        among(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
            product(basis, i, next, j);
      }
    }
    const Eigen::SelfAdjointEigenSolver<Small> solver(among);  // reads the lower half; ascending
    double change = 0;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const auto last = static_cast<Eigen::Index>(kLanes - 1 - axis);
      const double variance = std::max(0.0, solver.eigenvalues()[last]);
      change = std::max(change, std::abs(variance - found.variances[axis]));
      found.variances[axis] = variance;
      if (round == kRounds || change <= kSettled * found.variances[0]) {
        found.directions[axis] = component(basis, solver.eigenvectors().col(last));
      }
    }
    if (round == kRounds || change <= kSettled * found.variances[0]) return found;
    basis = std::move(next);
    orthonormalize(basis);
  }
}

}  // namespace

PcaLayout pca_layout(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                     int threads, const Watcher& watcher) {
  const Rows read(std::move(rows), metric, threads);
  PcaLayout made;
  made.points = Matrix(read.count(), 2);
  if (read.variance() <= kNothing * read.squares()) return made;
  const Components found = find_components(read, watcher);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    made.explained[axis] = std::min(1.0, found.variances[axis] / read.variance());
    if (made.explained[axis] <= kNothing) made.explained[axis] = 0;
  }
  read.each([&](std::size_t, std::size_t place, const std::vector<double>& row) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      if (made.explained[axis] <= 0) continue;
      double sum = 0;
      for (std::size_t i = 0; i < row.size(); ++i) sum += row[i] * found.directions[axis][i];
      made.points.row(place)[axis] = static_cast<float>(sum);
    }
  });
  return made;
}

}  // namespace alike::map
