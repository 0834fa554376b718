#include "alike/map/layout/laplacian_vectors.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"

namespace alike::map {
namespace {

constexpr std::size_t kDense = 200;   // rows solved densely, at most
constexpr std::size_t kBlock = 4;     // vectors: two needed, two that let them converge sooner
constexpr std::size_t kPiece = 2048;  // rows that a thread takes at once
constexpr int kDegree = 24;           // of the filter
constexpr int kMostRounds = 25;       // of filtering
constexpr double kResidual = 0.05;    // of 1 − eigenvalue, that is good enough

using Small = Eigen::Matrix<double, kBlock, kBlock>;
using Row = std::array<float, kBlock>;
using Block = std::vector<Row>;

/// Multiplies blocks of vectors by D^−½ W D^−½.
class Adjacency {
 public:
  Adjacency(const FuzzyGraph& graph, int threads)
      : graph_(graph), threads_(threads), scales_(graph.rows()), scaled_(graph.rows()) {
    for (std::size_t row = 0; row < graph.rows(); ++row) {
      double sum = 0;
      for (const float weight : graph.weights_of(row)) sum += weight;
      total_ += sum;
      scales_[row] = static_cast<float>(1 / std::sqrt(sum));
    }
  }

  std::size_t rows() const { return scales_.size(); }
  std::size_t products() const { return products_; }
  /// Number `row` of the first eigenvector, which has length 1.
  double still(std::size_t row) const { return 1 / (scales_[row] * std::sqrt(total_)); }
  void each(const auto& visit_row) const {
    parallel_for(rows(), kPiece, threads_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; ++row) visit_row(row);
    });
  }
  /// Calls `use(row, numbers of A x there)`.
  void multiply(const Block& x, const auto& use) {
    ++products_;
    each([&](std::size_t row) {
      for (std::size_t c = 0; c < kBlock; ++c) scaled_[row][c] = scales_[row] * x[row][c];
    });
    each([&](std::size_t row) {
      const auto targets = graph_.targets_of(row);
      const auto weights = graph_.weights_of(row);
      Row sum{};
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const Row& other = scaled_[targets[i]];
        for (std::size_t c = 0; c < kBlock; ++c) sum[c] += weights[i] * other[c];
      }
      for (std::size_t c = 0; c < kBlock; ++c) sum[c] *= scales_[row];
      use(row, sum);
    });
  }
  /// Xᵀ Y, added up in an order that threads do not change.
  Small inner(const Block& x, const Block& y) const {
    std::vector<Small> parts((rows() + kPiece - 1) / kPiece, Small::Zero());
    parallel_for(rows(), kPiece, threads_, [&](std::size_t begin, std::size_t end) {
      Small& part = parts[begin / kPiece];
      for (std::size_t row = begin; row < end; ++row) {
        for (std::size_t i = 0; i < kBlock; ++i) {
          for (std::size_t j = 0; j < kBlock; ++j) {
            part(static_cast<int>(i), static_cast<int>(j)) +=
                static_cast<double>(x[row][i]) * y[row][j];
          }
        }
      }
    });
    Small sum = Small::Zero();
    for (const Small& part : parts) sum += part;
    return sum;
  }

 private:
  const FuzzyGraph& graph_;
  int threads_;
  std::vector<float> scales_;
  Block scaled_;
  double total_ = 0;
  std::size_t products_ = 0;
};

/// Subspace iteration: filter, then the best combinations of the rest.
class Iteration {
 public:
  Iteration(Adjacency& adjacency, std::uint64_t seed)
      : adjacency_(adjacency), x_(adjacency.rows()), ax_(x_.size()), last_(x_.size()) {
    Random random(seed);
    for (Row& row : x_) {
      for (float& value : row) value = static_cast<float>(2 * random.uniform() - 1);
    }
    combine();
  }

  bool finished() const {
    for (std::size_t c = 0; c < 2; ++c) {
      if (!(residuals_[c] <= kResidual * (1 - values_[c]) + 1e-5)) return false;
    }
    return true;
  }

  /// Damps the parts of eigenvalues below the smallest one of the block.
  void filter() {
    const double low = std::min(values_[kBlock - 1], 0.9999);
    const double center = (low - 1) / 2, half = (low + 1) / 2;
    const double first = half / (1 - center);
    double sigma = first;
    const auto step = [&](Block& into, const Block& from, double scale, double back) {
      adjacency_.multiply(from, [&](std::size_t row, const Row& product) {
        for (std::size_t c = 0; c < kBlock; ++c) {
          into[row][c] = static_cast<float>(scale * (product[c] - center * from[row][c]) -
                                            back * into[row][c]);
        }
      });
    };
    last_.swap(x_);
    std::fill(x_.begin(), x_.end(), Row{});
    step(x_, last_, sigma / half, 0);
    for (int i = 1; i < kDegree; ++i) {
      const double next = 1 / (2 / first - sigma);
      step(last_, x_, 2 * next / half, sigma * next);
      last_.swap(x_);
      sigma = next;
    }
  }

  /// Rayleigh and Ritz: x becomes the best orthonormal approximations of eigenvectors in its span.
  void combine() {
    leave_still_out();
    adjacency_.multiply(x_, [&](std::size_t row, const Row& product) { ax_[row] = product; });
    Small gram = adjacency_.inner(x_, x_), product = adjacency_.inner(x_, ax_);
    const Small scale = gram.diagonal().cwiseMax(1e-300).cwiseSqrt().cwiseInverse().asDiagonal();
    gram = scale * gram * scale + 1e-12 * Small::Identity();
    product = scale * (product + product.transpose()) * scale / 2;
    const Eigen::GeneralizedSelfAdjointEigenSolver<Small> solver(product, gram);
    const Small best = (scale * solver.eigenvectors()).rowwise().reverse();
    for (std::size_t c = 0; c < kBlock; ++c) {
      values_[c] = solver.eigenvalues()(static_cast<int>(kBlock - 1 - c));
    }
    adjacency_.each([&](std::size_t row) {
      x_[row] = turned(x_[row], best);
      ax_[row] = turned(ax_[row], best);
      for (std::size_t c = 0; c < kBlock; ++c) {
        ax_[row][c] -= static_cast<float>(values_[c]) * x_[row][c];
      }
    });
    const Small rest = adjacency_.inner(ax_, ax_);
    for (std::size_t c = 0; c < kBlock; ++c) {
      residuals_[c] = std::sqrt(rest(static_cast<int>(c), static_cast<int>(c)));
    }
  }

  const Block& vectors() const { return x_; }

 private:
  static Row turned(const Row& row, const Small& by) {
    Row out{};
    for (std::size_t j = 0; j < kBlock; ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < kBlock; ++i) {
        sum += row[i] * by(static_cast<int>(i), static_cast<int>(j));
      }
      out[j] = static_cast<float>(sum);
    }
    return out;
  }

  /// Takes the first eigenvector, which is the same everywhere but for the degrees, out of x.
  void leave_still_out() {
    std::array<double, kBlock> along{};
    for (std::size_t row = 0; row < x_.size(); ++row) {
      for (std::size_t c = 0; c < kBlock; ++c) along[c] += adjacency_.still(row) * x_[row][c];
    }
    for (std::size_t row = 0; row < x_.size(); ++row) {
      for (std::size_t c = 0; c < kBlock; ++c) {
        x_[row][c] -= static_cast<float>(along[c] * adjacency_.still(row));
      }
    }
  }

  Adjacency& adjacency_;
  Block x_, ax_, last_;
  std::array<double, kBlock> values_{};     // descending
  std::array<double, kBlock> residuals_{};  // ‖A x − value x‖
};

LaplacianVectors dense_waves(const FuzzyGraph& graph) {
  const auto rows = static_cast<int>(graph.rows());
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(rows, rows);
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    for (std::size_t i = 0; i < graph.targets_of(row).size(); ++i) {
      weights(static_cast<int>(row), static_cast<int>(graph.targets_of(row)[i])) =
          graph.weights_of(row)[i];
    }
  }
  const Eigen::VectorXd scale = weights.rowwise().sum().cwiseSqrt().cwiseInverse();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scale.asDiagonal() * weights *
                                                              scale.asDiagonal());
  LaplacianVectors made{Matrix(graph.rows(), 2)};
  for (int row = 0; row < rows; ++row) {
    for (int c = 0; c < 2; ++c) {
      made.vectors.row(static_cast<std::size_t>(row))[static_cast<std::size_t>(c)] =
          static_cast<float>(solver.eigenvectors()(row, rows - 2 - c));
    }
  }
  return made;
}

}  // namespace

LaplacianVectors laplacian_vectors(const FuzzyGraph& graph, std::uint64_t seed, int threads,
                                   const Watcher& watcher) {
  if (graph.rows() <= kDense) return dense_waves(graph);
  Adjacency adjacency(graph, threads);
  Iteration iteration(adjacency, seed);
  for (int round = 0; round < kMostRounds && !iteration.finished(); ++round) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped; no map made");
    iteration.filter();
    iteration.combine();
  }
  LaplacianVectors made{Matrix(graph.rows(), 2), iteration.finished(), adjacency.products()};
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    for (std::size_t c = 0; c < 2; ++c) {
      const float value = iteration.vectors()[row][c];
      made.vectors.row(row)[c] = std::isfinite(value) ? value : 0;
    }
  }
  return made;
}

}  // namespace alike::map
