// `beta_vae_score` of disentanglement.h.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "alike/base/math/exponential.h"
#include "alike/base/parallel.h"
#include "alike/measure/factors/factor_batches.h"
#include "alike/measure/factors/factor_check.h"
#include "alike/measure/learners/lbfgs.h"

namespace alike::measure {
namespace {

constexpr std::size_t kEvaluations = 300;  // of the objective, at most
constexpr double kTolerance = 1e-11;
constexpr std::size_t kRows = 512;  // that a thread takes at a time

using Table = Eigen::MatrixXd;

/// Softmax regression without intercept of its own: a last column of ones carries it. The mean loss
/// and ½ ‖W‖² / n, W without that column, as scikit-learn's LogisticRegression with C = 1.
class Objective {
 public:
  Objective(const Table& features, const std::vector<int>& classes, Eigen::Index count, int threads)
      : features_(features), classes_(classes), count_(count), threads_(threads) {}

  Eigen::Index size() const { return features_.cols() * count_; }

  /// The value at `weights` (features, classes), and its slope.
  double at(const Eigen::VectorXd& weights, Eigen::VectorXd& slope) const {
    const Eigen::Map<const Table> matrix(weights.data(), features_.cols(), count_);
    const auto rows = static_cast<std::size_t>(features_.rows());
    std::vector<Part> parts((rows + kRows - 1) / kRows);
    parallel_for(rows, kRows, threads_, [&](std::size_t begin, std::size_t end) {
      parts[begin / kRows] =
          part(matrix, static_cast<Eigen::Index>(begin), static_cast<Eigen::Index>(end - begin));
    });
    const Eigen::Index last = features_.cols() - 1;
    slope.setZero(size());
    Eigen::Map<Table> gradient(slope.data(), features_.cols(), count_);
    gradient.topRows(last) = matrix.topRows(last);
    double value = matrix.topRows(last).squaredNorm() / 2;
    for (const Part& of : parts) {  // in their order, whatever the threads
      value += of.loss;
      gradient += of.gradient;
    }
    slope /= static_cast<double>(rows);
    return value / static_cast<double>(rows);
  }

 private:
  struct Part {
    double loss = 0;
    Table gradient;
  };

  /// The part of the rows from `begin` on.
  Part part(const Eigen::Map<const Table>& matrix, Eigen::Index begin, Eigen::Index rows) const {
    Table chances = features_.middleRows(begin, rows) * matrix;
    Part result;
    for (Eigen::Index i = 0; i < rows; ++i) {
      const int of = classes_[static_cast<std::size_t>(begin + i)];
      const double most = chances.row(i).maxCoeff();
      const double own = chances(i, of) - most;
      double sum = 0;
      for (Eigen::Index k = 0; k < count_; ++k) {
        sum += chances(i, k) = exponential(chances(i, k) - most);
      }
      chances.row(i) /= sum;
      chances(i, of) -= 1;
      result.loss += logarithm(sum) - own;
    }
    result.gradient = features_.middleRows(begin, rows).transpose() * chances;
    return result;
  }

  const Table& features_;
  const std::vector<int>& classes_;
  Eigen::Index count_;
  int threads_;
};

/// The weights (features, classes) at the minimum, nearly.
Eigen::VectorXd minimum(const Objective& objective, const Watcher& watcher) {
  Eigen::VectorXd slope;
  const auto size = static_cast<std::size_t>(objective.size());
  const Minimum found = minimize(
      [&](std::span<const double> point, std::vector<double>& gradient) {
        const double value =
            objective.at(Eigen::Map<const Eigen::VectorXd>(point.data(), objective.size()), slope);
        gradient.assign(slope.data(), slope.data() + size);
        return value;
      },
      std::vector<double>(size), [](std::vector<double>&) {},
      {.most_evaluations = kEvaluations, .tolerance = kTolerance}, watcher);
  return Eigen::Map<const Eigen::VectorXd>(found.point.data(), objective.size());
}

/// Batches as points for the classifier.
struct Points {
  Table features;  // (batches, dims + 1), the last column 1
  std::vector<int> factors;
};

class Drawer {
 public:
  Drawer(MatrixView codes, const FactorTable& factors, const DisentanglementOptions& options)
      : codes_(codes),
        factors_(factors),
        options_(options),
        batches_(factors, value_counts(factors)) {}

  /// Batches `first` to first + count − 1.
  Points draw(std::size_t first, std::size_t count) const {
    const auto dims = static_cast<Eigen::Index>(codes_.width);
    Points points{Table::Ones(static_cast<Eigen::Index>(count), dims + 1), std::vector<int>(count)};
    parallel_for(count, 64, options_.threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) draw_one(first + i, i, points);
    });
    return points;
  }

 private:
  void draw_one(std::size_t number, std::size_t place, Points& points) const {
    Random random(random_bits(options_.seed, number));
    const std::size_t factor = random.below(factors_.factors());
    points.factors[place] = static_cast<int>(factor);
    std::vector<double> sums(codes_.width);
    for (std::size_t i = 0; i < options_.batch; ++i) {
      const std::uint32_t first = batches_.any_row(random);
      const auto one = codes_.row(first);
      const auto other = codes_.row(batches_.row_like(first, factor, random));
      for (std::size_t d = 0; d < sums.size(); ++d) {
        sums[d] += std::abs(double{one[d]} - double{other[d]});
      }
    }
    for (std::size_t d = 0; d < sums.size(); ++d) {
      points.features(static_cast<Eigen::Index>(place), static_cast<Eigen::Index>(d)) =
          sums[d] / static_cast<double>(options_.batch);
    }
  }

  MatrixView codes_;
  const FactorTable& factors_;
  const DisentanglementOptions& options_;
  FactorBatches batches_;
};

}  // namespace

double beta_vae_score(MatrixView codes, const FactorTable& factors,
                      const DisentanglementOptions& options, const Watcher& watcher) {
  check_options(options);
  check_codes(codes, factors);
  const Drawer drawer(codes, factors, options);
  const Points train = drawer.draw(0, options.train_votes);
  const auto count = static_cast<Eigen::Index>(factors.factors());
  const Eigen::VectorXd weights =
      minimum(Objective(train.features, train.factors, count, options.threads), watcher);
  const Points test = drawer.draw(options.train_votes, options.test_votes);
  const Table scores =
      test.features * Eigen::Map<const Table>(weights.data(), test.features.cols(), count);
  double right = 0;
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    Eigen::Index best = 0;
    scores.row(i).maxCoeff(&best);
    right += best == test.factors[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return right / static_cast<double>(options.test_votes);
}

}  // namespace alike::measure
