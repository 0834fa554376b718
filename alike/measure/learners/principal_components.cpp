#include "alike/measure/learners/principal_components.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "alike/base/parallel.h"
#include "alike/base/random.h"

namespace alike::measure {
namespace {

constexpr std::size_t kLanes = index::kPanelQueries;
constexpr std::size_t kMostPanels = 256;  // of the sample
constexpr std::size_t kPieces = 8;        // of the sample, summed up in order
constexpr int kRounds = 3;
constexpr std::uint64_t kSeed = 20110607;

double product(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

/// Makes the rows orthonormal (Gram-Schmidt, twice); one that depends on those before becomes 0.
void orthonormalize(Matrix& rows) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto row = rows.row(r);
    const double before = std::sqrt(product(row, row));
    for (std::size_t other = 0; other < 2 * r; ++other) {
      const auto done = rows.row(other % r);
      const auto along = static_cast<float>(product(done, row));
      for (std::size_t i = 0; i < row.size(); ++i) row[i] -= along * done[i];
    }
    const double left = std::sqrt(product(row, row));
    const double inverse = left > 1e-5 * before ? 1 / left : 0;
    for (float& value : row) value = static_cast<float>(value * inverse);
  }
}

/// Σ x ⟨x, b⟩ over the sample for each row b of the basis, and how many rows that were.
class Sample {
 public:
  Sample(const PackedRows& rows, int threads) : rows_(rows), threads_(threads) {
    const std::size_t count = std::min(kMostPanels, rows.panels());
    for (std::size_t i = 0; i < count; ++i) panels_.push_back(i * rows.panels() / count);
    for (const std::size_t panel : panels_) count_ += rows.panel_rows(panel);
  }
  std::size_t rows() const { return count_; }

  Matrix times(const Matrix& basis) const {
    const std::size_t groups = (basis.rows() + kLanes - 1) / kLanes;
    std::vector<std::vector<float>> of_piece(kPieces);
    parallel_for(kPieces, 1, threads_, [&](std::size_t piece, std::size_t) {
      of_piece[piece].resize(groups * width() * kLanes);
      for (std::size_t i = piece * panels_.size() / kPieces;
           i < (piece + 1) * panels_.size() / kPieces; ++i) {
        add(panels_[i], basis, of_piece[piece]);
      }
    });
    Matrix sums(basis.rows(), width());
    for (std::size_t b = 0; b < basis.rows(); ++b) {
      for (std::size_t j = 0; j < width(); ++j) {
        double sum = 0;
        for (const auto& piece : of_piece) {
          sum += piece[(b / kLanes * width() + j) * kLanes + b % kLanes];
        }
        sums.row(b)[j] = static_cast<float>(sum);
      }
    }
    return sums;
  }

 private:
  std::size_t width() const { return rows_.width(); }

  void add(std::size_t panel, const Matrix& basis, std::vector<float>& sums) const {
    std::vector<float> scratch, along(basis.rows() * kLanes), turned(kLanes * kLanes),
        products(width() * kLanes);
    const float* rows = rows_.panel(panel, scratch);
    index::kernels().dot_panel(rows, basis.data(), basis.rows(), width(), along.data());
    for (std::size_t first = 0; first < basis.rows(); first += kLanes) {
      for (std::size_t b = 0; b < kLanes; ++b) {
        for (std::size_t i = 0; i < kLanes; ++i) {
          const bool there = first + b < basis.rows();
          turned[i * kLanes + b] = there ? along[(first + b) * kLanes + i] : 0;
        }
      }
      index::kernels().dot_panel(turned.data(), rows, width(), kLanes, products.data());
      float* to = sums.data() + first * width();
      for (std::size_t i = 0; i < products.size(); ++i) to[i] += products[i];
    }
  }

  const PackedRows& rows_;
  int threads_;
  std::vector<std::size_t> panels_;
  std::size_t count_ = 0;
};

/// Turns an orthonormal basis onto the eigenvectors of the products that it has with `times`
/// (Rayleigh and Ritz).
PrincipalComponents ritz(const Matrix& basis, const Matrix& times, double count) {
  const auto size = static_cast<Eigen::Index>(basis.rows());
  Eigen::MatrixXd small(size, size);
  for (std::size_t a = 0; a < basis.rows(); ++a) {
    for (std::size_t b = 0; b < basis.rows(); ++b) {
      small(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) =
          product(basis.row(a), times.row(b)) / count;
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved((small + small.transpose()) / 2);
  PrincipalComponents found;
  found.components = Matrix(basis.rows(), basis.width());
  for (std::size_t k = 0; k < basis.rows(); ++k) {
    const auto from = size - 1 - static_cast<Eigen::Index>(k);
    found.variances.push_back(std::max(0.0, solved.eigenvalues()(from)));
    std::vector<double> sum(basis.width());
    for (std::size_t b = 0; b < basis.rows(); ++b) {
      const double share = solved.eigenvectors()(static_cast<Eigen::Index>(b), from);
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += share * double{basis.row(b)[j]};
    }
    std::ranges::transform(sum, found.components.row(k).begin(),
                           [](double value) { return static_cast<float>(value); });
  }
  return found;
}

}  // namespace

PrincipalComponents principal_components(const PackedRows& rows, std::size_t most, int threads) {
  const Sample sample(rows, threads);
  Matrix basis(std::min({most, rows.width(), sample.rows()}), rows.width());
  Random random(kSeed);
  for (std::size_t i = 0; i < basis.rows() * basis.width(); ++i) {
    basis.data()[i] = static_cast<float>(random.uniform() - 0.5);
  }
  orthonormalize(basis);
  for (int round = 0; round < kRounds; ++round) {
    basis = sample.times(basis);
    orthonormalize(basis);
  }
  const auto count = static_cast<double>(sample.rows());
  PrincipalComponents found = ritz(basis, sample.times(basis), count);
  double all = 0;
  std::vector<float> scratch;
  for (std::size_t p = 0; p < std::min<std::size_t>(rows.panels(), 4); ++p) {
    const std::span panel(rows.panel(p, scratch), rows.width() * kLanes);
    all += product(panel, panel);
  }
  const std::size_t seen = std::min<std::size_t>(4 * kLanes, rows.rows());
  double left = all / static_cast<double>(seen);
  for (const double variance : found.variances) left -= variance;
  const std::size_t others = rows.width() - found.variances.size();
  if (others > 0) found.rest = std::max(0.0, left / static_cast<double>(others));
  return found;
}

}  // namespace alike::measure
