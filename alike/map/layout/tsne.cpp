#include "alike/map/layout/tsne.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"

namespace alike::map {
namespace {

constexpr std::size_t kPairwise = 512;  ///< Rows up to which all pairs are measured.
constexpr std::size_t kGrain = 512;
constexpr double kStartDeviation = 1e-4;
constexpr double kJitter = 0.02;
constexpr double kLongestStep = 5;
constexpr double kLeastGain = 0.01;
constexpr std::size_t kMostSteps = 100'000;

void refuse(const std::string& what, double value, const std::string& range) {
  throw Error(ErrorCode::invalid_argument,
              what + " is " + std::to_string(value) + "; it must be " + range);
}

void check_points(MatrixView points) {
  if (points.width != 2) {
    throw Error(ErrorCode::invalid_argument,
                "the start has " + std::to_string(points.width) + " numbers a row; a map has 2");
  }
  for (std::size_t i = 0; i < 2 * points.rows; ++i) {
    if (std::isfinite(points.data[i])) continue;
    throw Error(ErrorCode::invalid_argument, "point " + std::to_string(i / 2) +
                                                 " of the start is NaN or infinite; give numbers");
  }
}

void check(const Affinities& affinities, const TsneOptions& options, MatrixView start) {
  if (affinities.begins.size() < 2 || affinities.rows() >= (std::size_t{1} << 31)) {
    throw Error(ErrorCode::invalid_argument, "a map needs at least one row and fewer than 2^31");
  }
  check_points(start);
  if (start.rows != affinities.rows()) {
    throw Error(ErrorCode::invalid_argument,
                "the start has " + std::to_string(start.rows) + " points for " +
                    std::to_string(affinities.rows()) + " rows; give one for each");
  }
  const std::size_t most = std::max(options.early_steps, options.steps);
  if (most > kMostSteps || most == 0) {
    refuse("the number of steps", static_cast<double>(most), "1 to 100,000");
  }
  if (!(options.exaggeration >= 1 && options.exaggeration <= 1000)) {
    refuse("exaggeration", options.exaggeration, "1 to 1000");
  }
  if (!(options.momentum >= 0 && options.momentum < 1)) {
    refuse("momentum", options.momentum, "at least 0 and below 1");
  }
}

/// Moves the points so that their mean is 0.
void center(std::vector<double>& points) {
  double sum[2] = {};
  for (std::size_t i = 0; i < points.size(); ++i) sum[i % 2] += points[i];
  const std::size_t count = points.size() / 2;
  for (double& value : sum) value /= static_cast<double>(count);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] -= sum[i % 2];
}

int sign_of(double value) { return (value > 0) - (value < 0); }

}  // namespace

Matrix tsne_start(MatrixView points, std::uint64_t seed) {
  check_points(points);
  Matrix start(points.rows, 2);
  if (points.rows == 0) return start;
  std::vector<double> exact(points.data, points.data + 2 * points.rows);
  center(exact);
  double square = 0;
  for (std::size_t i = 0; i < exact.size(); i += 2) square += exact[i] * exact[i];
  const double deviation = std::sqrt(square / static_cast<double>(points.rows));
  const double factor = deviation > 0 ? kStartDeviation / deviation : 0;
  Random random(seed);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double jitter = kStartDeviation * kJitter * (2 * random.uniform() - 1);
    start.data()[i] = static_cast<float>(exact[i] * factor + jitter);
  }
  return start;
}

Tsne::Tsne(const Affinities& affinities, const TsneOptions& options, MatrixView start, Simd level)
    : options_(options), pull_(pull_kernel(level)) {
  check(affinities, options, start);
  const std::size_t rows = affinities.rows();
  begins_.reserve(rows + 1);
  begins_.push_back(0);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t count = affinities.begins[row + 1] - affinities.begins[row];
    begins_.push_back(begins_.back() + (count + kGroup - 1) / kGroup * kGroup);
  }
  targets_.resize(begins_.back());
  weights_.resize(begins_.back());
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint64_t to = begins_[row];
    for (std::uint64_t i = affinities.begins[row]; i < affinities.begins[row + 1]; ++i) {
      targets_[to] = affinities.targets[i];
      weights_[to++] = affinities.weights[i];
    }
    for (; to < begins_[row + 1]; ++to) targets_[to] = static_cast<std::uint32_t>(row);
  }
  exact_.assign(start.data, start.data + 2 * rows);
  speed_.assign(2 * rows, 0);
  gains_.assign(2 * rows, 1);
  pulls_.resize(2 * rows);
  points_ = Matrix(rows, 2);
  std::copy_n(start.data, 2 * rows, points_.data());
}

Repulsion Tsne::repulsion(int threads) {
  return points_.rows() <= kPairwise ? repulsion_of_pairs(exact_, threads)
                                     : mesh_.repulsion(exact_, threads);
}

std::vector<double> Tsne::gradient(double exaggeration, int threads) {
  Repulsion pushes = repulsion(threads);
  parallel_for(points_.rows(), kGrain, threads, [&](std::size_t begin, std::size_t end) {
    pull_(points_.data(), begins_.data(), targets_.data(), weights_.data(), begin, end,
          pulls_.data());
  });
  std::vector<double> made = std::move(pushes.pushes);
  const double by = pushes.total > 0 ? -1 / pushes.total : 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i] = made[i] * by + exaggeration * static_cast<double>(pulls_[i]);
  }
  return made;
}

void Tsne::move(const std::vector<double>& gradient, double rate, int threads) {
  parallel_for(points_.rows(), 4 * kGrain, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      for (std::size_t i = 2 * row; i < 2 * row + 2; ++i) {
        const bool turned = sign_of(speed_[i]) != sign_of(gradient[i]);
        gains_[i] = turned ? gains_[i] + 0.2 : gains_[i] * 0.8 + kLeastGain;
        speed_[i] = options_.momentum * speed_[i] - rate * gains_[i] * gradient[i];
      }
      const double x = speed_[2 * row], y = speed_[2 * row + 1];
      const double length = std::sqrt(x * x + y * y);
      const double factor = length > kLongestStep ? kLongestStep / length : 1;
      for (std::size_t i = 2 * row; i < 2 * row + 2; ++i) {
        speed_[i] *= factor;
        exact_[i] += speed_[i];
      }
    }
  });
}

void Tsne::step(int threads) {
  const double exaggeration = done_ < options_.early_steps ? options_.exaggeration : 1;
  move(gradient(exaggeration, threads), static_cast<double>(points_.rows()) / exaggeration,
       threads);
  center(exact_);
  std::ranges::transform(exact_, points_.data(), [](double x) { return static_cast<float>(x); });
  ++done_;
}

void Tsne::advance(std::size_t count, int threads, const Watcher& watcher) {
  for (; count > 0 && done_ < steps() && !watcher.stop.stop_requested(); --count) {
    step(threads);
    watcher.tell({done_, steps(), 0});
  }
}

double Tsne::divergence(int threads) {
  const double total = repulsion(threads).total;
  std::vector<double> sums((points_.rows() + kGrain - 1) / kGrain), shares(sums.size());
  parallel_for(points_.rows(), kGrain, threads, [&](std::size_t begin, std::size_t end) {
    double sum = 0, share = 0;
    for (std::size_t row = begin; row < end; ++row) {
      for (std::uint64_t i = begins_[row]; i < begins_[row + 1]; ++i) {
        const auto p = static_cast<double>(weights_[i]);
        if (p < 1e-300) continue;
        const double x = exact_[2 * row] - exact_[2 * targets_[i]];
        const double y = exact_[2 * row + 1] - exact_[2 * targets_[i] + 1];
        sum += p * (logarithm(p) + logarithm(1 + x * x + y * y));
        share += p;
      }
    }
    sums[begin / kGrain] = sum;
    shares[begin / kGrain] = share;
  });
  double sum = 0, share = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sum += sums[i];
    share += shares[i];
  }
  return share > 0 && total > 0 ? sum + share * logarithm(total) : 0;
}

}  // namespace alike::map
