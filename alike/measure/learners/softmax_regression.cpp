#include "alike/measure/learners/softmax_regression.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "alike/base/parallel.h"

namespace alike::measure {
namespace {

constexpr std::size_t kLanes = index::kPanelQueries;
constexpr std::size_t kMostPieces = 16;
constexpr std::size_t kFewPanels = 8;  // fewer are not worth a piece of their own
constexpr std::size_t kMostComponents = 128;
constexpr std::size_t kRowsForOne = 16;  // rows that one component is worth its time for
constexpr double kSure = 0.15;  // of p (1 - p) at the start is left once most rows are right
constexpr std::size_t kPieceBytes = std::size_t{256} << 20;    // of all pieces together
constexpr std::size_t kHistoryBytes = std::size_t{256} << 20;  // of the steps of L-BFGS

/// Panels [begin, end) that are summed in order.
std::size_t pieces_of(std::size_t panels, std::size_t numbers) {
  const std::size_t fitting = kPieceBytes / (sizeof(float) * std::max<std::size_t>(1, numbers));
  return std::clamp<std::size_t>(std::min(fitting, panels / kFewPanels), 1, kMostPieces);
}

/// The weights of a classifier, or of one on its way, as kernels read them.
Matrix weights_of(std::span<const double> values, std::size_t classes, std::size_t width) {
  Matrix weights(classes, width);
  for (std::size_t i = 0; i < classes * width; ++i) {
    weights.data()[i] = static_cast<float>(values[i]);
  }
  return weights;
}

}  // namespace

/// Sums over some panels.
struct SoftmaxRegression::Piece {
  double loss = 0;
  std::vector<double> biases;    // (classes)
  std::vector<float> gradient;   // (groups of classes, width, kLanes)
  std::vector<float> scores;     // (classes, kLanes)
  std::vector<float> residuals;  // (groups of classes, kLanes rows, kLanes classes)
  std::vector<float> products;   // (width, kLanes)
  std::vector<float> scratch;
};

SoftmaxRegression::SoftmaxRegression(const PackedRows& rows, std::vector<int> labels,
                                     std::size_t classes, int threads)
    : rows_(rows),
      labels_(std::move(labels)),
      classes_(classes),
      threads_(threads),
      components_(principal_components(
          rows, std::clamp<std::size_t>(rows.rows() / kRowsForOne, 1, kMostComponents), threads)) {}

/// Adds the loss of one panel of rows, and the excess probability of each class in its rows.
void SoftmaxRegression::add_panel(std::size_t panel, const Matrix& weights,
                                  std::span<const double> biases, Piece& piece) const {
  const float* rows = rows_.panel(panel, piece.scratch);
  index::kernels().dot_panel(rows, weights.data(), classes_, rows_.width(), piece.scores.data());
  std::ranges::fill(piece.residuals, 0.0F);
  std::vector<double> shares(classes_);
  for (std::size_t i = 0; i < rows_.panel_rows(panel); ++i) {
    const auto own = static_cast<std::size_t>(labels_[panel * kLanes + i]);
    for (std::size_t c = 0; c < classes_; ++c) {
      shares[c] = double{piece.scores[c * kLanes + i]} + biases[c];
    }
    const double most = *std::ranges::max_element(shares), score = shares[own] - most;
    double sum = 0;
    for (double& share : shares) sum += share = std::exp(share - most);
    piece.loss += std::log(sum) - score;
    for (std::size_t c = 0; c < classes_; ++c) {
      const double residual = shares[c] / sum - (c == own ? 1 : 0);
      piece.biases[c] += residual;
      piece.residuals[(c / kLanes * kLanes + i) * kLanes + c % kLanes] =
          static_cast<float>(residual);
    }
  }
  const std::size_t each = rows_.width() * kLanes;
  for (std::size_t group = 0; group * kLanes < classes_; ++group) {
    index::kernels().dot_panel(piece.residuals.data() + group * kLanes * kLanes, rows,
                               rows_.width(), kLanes, piece.products.data());
    float* to = piece.gradient.data() + group * each;
    for (std::size_t i = 0; i < each; ++i) to[i] += piece.products[i];
  }
}

double SoftmaxRegression::evaluate(std::span<const double> values, double strength,
                                   std::vector<double>& gradient) const {
  const std::size_t width = rows_.width(), groups = (classes_ + kLanes - 1) / kLanes;
  const Matrix weights = weights_of(values, classes_, width);
  const auto biases = values.last(classes_);
  std::vector<Piece> pieces(pieces_of(rows_.panels(), groups * width * kLanes));
  parallel_for(pieces.size(), 1, threads_, [&](std::size_t at, std::size_t) {
    Piece& piece = pieces[at];
    piece.biases.resize(classes_);
    piece.gradient.resize(groups * width * kLanes);
    piece.scores.resize(classes_ * kLanes);
    piece.residuals.resize(groups * kLanes * kLanes);
    piece.products.resize(width * kLanes);
    const std::size_t end = (at + 1) * rows_.panels() / pieces.size();
    for (std::size_t p = at * rows_.panels() / pieces.size(); p < end; ++p) {
      add_panel(p, weights, biases, piece);
    }
  });
  const auto count = static_cast<double>(rows_.rows());
  gradient.assign(values.size(), 0);
  double loss = 0, square = 0;
  for (const Piece& piece : pieces) {
    loss += piece.loss;
    for (std::size_t c = 0; c < classes_; ++c) {
      gradient[classes_ * width + c] += piece.biases[c] / count;
      const float* from = piece.gradient.data() + c / kLanes * width * kLanes + c % kLanes;
      for (std::size_t j = 0; j < width; ++j) {
        gradient[c * width + j] += double{from[j * kLanes]} / count;
      }
    }
  }
  for (std::size_t i = 0; i < classes_ * width; ++i) {
    gradient[i] += strength * values[i];
    square += values[i] * values[i];
  }
  return loss / count + strength / 2 * square;
}

/// Along a component of variance s the function bends by about s · p (1 − p) + strength, where p is
/// the probability of a class of a row; its mean falls while the rows are learnt.
void SoftmaxRegression::precondition(double strength, std::vector<double>& vector) const {
  const std::size_t width = rows_.width();
  const double even = 1 / static_cast<double>(classes_), bend = kSure * even * (1 - even);
  const double rest = 1 / (bend * components_.rest + strength);
  parallel_for(classes_, 1, threads_, [&](std::size_t c, std::size_t) {
    const std::span part(vector.data() + c * width, width);
    std::vector<double> turned(part.begin(), part.end());
    for (double& value : turned) value *= rest;
    for (std::size_t k = 0; k < components_.variances.size(); ++k) {
      const auto component = components_.components.row(k);
      double along = 0;
      for (std::size_t j = 0; j < width; ++j) along += double{component[j]} * part[j];
      along *= 1 / (bend * components_.variances[k] + strength) - rest;
      for (std::size_t j = 0; j < width; ++j) turned[j] += along * double{component[j]};
    }
    std::ranges::copy(turned, part.begin());
  });
  for (std::size_t c = 0; c < classes_; ++c) vector[classes_ * width + c] /= bend;
}

LinearClassifier SoftmaxRegression::fit(double strength, const LinearClassifier* start,
                                        const Watcher& watcher, double tolerance) const {
  LinearClassifier fitted;
  fitted.classes = classes_;
  fitted.width = rows_.width();
  fitted.strength = strength;
  const std::size_t size = classes_ * (rows_.width() + 1);
  LbfgsOptions options;
  options.tolerance = tolerance;
  options.history =
      std::clamp<std::size_t>(kHistoryBytes / (2 * sizeof(double) * size), 3, options.history);
  Minimum found = minimize(
      [&](std::span<const double> values, std::vector<double>& gradient) {
        return evaluate(values, strength, gradient);
      },
      start != nullptr ? start->values : std::vector<double>(size),
      [&](std::vector<double>& vector) { precondition(strength, vector); }, options, watcher);
  fitted.values = std::move(found.point);
  fitted.objective = found.value;
  fitted.evaluations = found.evaluations;
  fitted.converged = found.converged;
  return fitted;
}

std::vector<int> predict(const LinearClassifier& classifier, const PackedRows& rows, int threads) {
  const Matrix weights = weights_of(classifier.values, classifier.classes, classifier.width);
  const auto biases = std::span(classifier.values).last(classifier.classes);
  std::vector<int> predicted(rows.rows());
  parallel_for(rows.panels(), 16, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<float> scratch, scores(classifier.classes * kLanes);
    for (std::size_t p = begin; p < end; ++p) {
      index::kernels().dot_panel(rows.panel(p, scratch), weights.data(), classifier.classes,
                                 classifier.width, scores.data());
      for (std::size_t i = 0; i < rows.panel_rows(p); ++i) {
        const auto score = [&](std::size_t c) { return scores[c * kLanes + i] + biases[c]; };
        std::size_t best = 0;
        for (std::size_t c = 1; c < classifier.classes; ++c)
          best = score(c) > score(best) ? c : best;
        predicted[p * kLanes + i] = static_cast<int>(best);
      }
    }
  });
  return predicted;
}

}  // namespace alike::measure
