#include "alike/map/pca_layout.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/map/placed_rows.h"

namespace alike::map {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kPieceRows = 4096;  // whose sums are added up by themselves, in order
constexpr std::size_t kTracked = 12;      // directions that are followed to find two
constexpr int kRounds = 60;
constexpr double kStill = 1e-7;
constexpr std::uint64_t kSeed = 0x706361;

/// Rows about their mean, some blocks at a time, in pieces that do not depend on threads.
class Pieces {
 public:
  Pieces(std::shared_ptr<const index::RowSource> rows, index::Metric metric, int threads)
      : rows_(std::move(rows)), metric_(metric), threads_(threads) {
    std::size_t in_piece = kPieceRows;
    for (std::size_t b = 0; b < rows_.block_count(); ++b) {
      if (in_piece >= kPieceRows) {
        firsts_.push_back(b);
        in_piece = 0;
      }
      in_piece += rows_.block_rows(b);
    }
    firsts_.push_back(rows_.block_count());
  }

  std::size_t rows() const { return rows_.living(); }
  std::size_t width() const { return rows_.width(); }
  std::size_t count() const { return firsts_.size() - 1; }

  void set_mean(Eigen::RowVectorXf mean) { mean_ = std::move(mean); }

  /// Calls `visit(piece, place of the first row, rows less the mean)` for each part of each piece.
  void each(const std::function<void(std::size_t, std::size_t, const Rows&)>& visit) const {
    parallel_for(count(), 1, threads_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t piece = begin; piece < end; ++piece) {
        for (std::size_t b = firsts_[piece]; b < firsts_[piece + 1]; ++b) {
          const auto [first, rows] = read(b);
          if (rows.rows() > 0) visit(piece, first, rows);
        }
      }
    });
  }

 private:
  std::pair<std::size_t, Rows> read(std::size_t b) const {
    const index::RowBlock block = rows_.block(b);
    const auto living = static_cast<std::size_t>(
        std::count_if(block.ids, block.ids + block.rows, [](std::int64_t id) { return id >= 0; }));
    Rows rows(static_cast<Eigen::Index>(living), static_cast<Eigen::Index>(width()));
    std::size_t first = 0;
    Eigen::Index to = 0;
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.ids[r] < 0) continue;
      if (to == 0) first = static_cast<std::size_t>(block.ids[r]);
      auto row = rows.row(to++);
      row = Eigen::Map<const Eigen::RowVectorXf>(block.values + r * width(), row.size());
      if (!row.allFinite()) refuse(block.ids[r]);
      if (metric_ == index::Metric::cosine) row = scaled(row);
      if (mean_.size() > 0) row -= mean_;
    }
    return {first, std::move(rows)};
  }

  [[noreturn]] static void refuse(std::int64_t place) {
    throw Error(ErrorCode::invalid_argument,
                "row " + std::to_string(place) + " holds NaN or infinity; a map needs numbers");
  }

  static Eigen::RowVectorXf scaled(const Eigen::RowVectorXf& row) {
    const double length = std::sqrt(row.cast<double>().squaredNorm());
    return length > 0 ? Eigen::RowVectorXf(row / static_cast<float>(length)) : row;
  }

  PlacedRows rows_;
  index::Metric metric_;
  int threads_;
  std::vector<std::size_t> firsts_;  // the first block of each piece, and the end
  Eigen::RowVectorXf mean_;
};

/// Sums over all rows, made in one pass.
template <class Sum>
Sum sum_of(const Pieces& pieces, const Sum& zero,
           const std::function<void(Sum&, std::size_t, const Rows&)>& add) {
  std::vector<Sum> sums(pieces.count(), zero);
  pieces.each([&](std::size_t piece, std::size_t first, const Rows& rows) {
    add(sums[piece], first, rows);
  });
  Sum all = zero;
  for (const Sum& sum : sums) all += sum;
  return all;
}

Eigen::RowVectorXf mean_of(const Pieces& pieces) {
  const Eigen::RowVectorXd zero =
      Eigen::RowVectorXd::Zero(static_cast<Eigen::Index>(pieces.width()));
  const auto sum = sum_of<Eigen::RowVectorXd>(
      pieces, zero,
      [](auto& to, std::size_t, const Rows& rows) { to += rows.cast<double>().colwise().sum(); });
  return (sum / static_cast<double>(pieces.rows())).cast<float>();
}

double squares_of(const Pieces& pieces) {
  return sum_of<double>(pieces, 0.0, [](double& to, std::size_t, const Rows& rows) {
    to += rows.cast<double>().squaredNorm();
  });
}

Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& columns) {
  const Eigen::HouseholderQR<Eigen::MatrixXf> qr(columns);
  return qr.householderQ() * Eigen::MatrixXf::Identity(columns.rows(), columns.cols());
}

/// Columns that span nearly what the leading directions span, by falling variance.
struct Subspace {
  Eigen::MatrixXf columns;    // (width, tracked)
  Eigen::VectorXd variances;  // sums of squares along each
};

Subspace leading(const Pieces& pieces, const Watcher& watcher) {
  const auto width = static_cast<Eigen::Index>(pieces.width());
  const auto tracked = std::min<Eigen::Index>(width, kTracked);
  Random random(kSeed);
  Subspace found{Eigen::MatrixXf(width, tracked), Eigen::VectorXd::Zero(tracked)};
  for (Eigen::Index i = 0; i < found.columns.size(); ++i) {
    found.columns.data()[i] = static_cast<float>(random.uniform() - 0.5);
  }
  found.columns = orthonormal(found.columns);
  for (int round = 0; round < kRounds; ++round) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; no map was made");
    }
    const Eigen::MatrixXf image =
        sum_of<Eigen::MatrixXf>(pieces, Eigen::MatrixXf::Zero(width, tracked),
                                [&](Eigen::MatrixXf& to, std::size_t, const Rows& rows) {
                                  to.noalias() += rows.transpose() * (rows * found.columns);
                                });
    const Eigen::MatrixXd inner = (found.columns.transpose() * image).cast<double>();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved((inner + inner.transpose()) / 2);
    const Eigen::VectorXd variances = solved.eigenvalues().reverse().cwiseMax(0);
    const double moved = (variances - found.variances)
                             .head(std::min<Eigen::Index>(2, tracked))
                             .cwiseAbs()
                             .maxCoeff();
    const bool still = moved <= kStill * variances(0);
    const Eigen::MatrixXf turn = solved.eigenvectors().rowwise().reverse().cast<float>();
    found.variances = variances;
    watcher.tell({static_cast<std::uint64_t>(round + 1), kRounds, 0});
    if (still) {
      found.columns = found.columns * turn;
      return found;
    }
    found.columns = orthonormal(image * turn);
  }
  return found;
}

}  // namespace

PcaLayout pca_layout(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                     int threads, const Watcher& watcher) {
  Pieces pieces(std::move(rows), metric, threads);
  if (pieces.rows() == 0) {
    throw Error(ErrorCode::invalid_argument, "there are no rows to make a map of");
  }
  PcaLayout layout;
  layout.points = Matrix(pieces.rows(), 2);
  pieces.set_mean(mean_of(pieces));
  const double squares = squares_of(pieces);
  // What rounding leaves of rows that are all equal.
  if (pieces.rows() == 1 || !(squares > 0)) return layout;
  Subspace found = leading(pieces, watcher);
  const auto axes = std::min<Eigen::Index>(2, found.columns.cols());
  for (Eigen::Index axis = 0; axis < axes; ++axis) {
    Eigen::Index at = 0;
    found.columns.col(axis).cwiseAbs().maxCoeff(&at);
    if (found.columns(at, axis) < 0) found.columns.col(axis) *= -1;
    layout.explained[static_cast<std::size_t>(axis)] =
        std::min(1.0, found.variances(axis) / squares);
  }
  pieces.each([&](std::size_t, std::size_t first, const Rows& some) {
    const Eigen::MatrixXf along = some * found.columns.leftCols(axes);
    for (Eigen::Index r = 0; r < along.rows(); ++r) {
      for (Eigen::Index axis = 0; axis < axes; ++axis) {
        layout.points.row(first + static_cast<std::size_t>(r))[static_cast<std::size_t>(axis)] =
            along(r, axis);
      }
    }
  });
  return layout;
}

}  // namespace alike::map
