#include "alike/map/layout/tsne.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stop_token>

#include "alike/base/error.h"
#include "alike/map/layout/pca_layout.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using test::MatrixRows;

Affinities affinities_of(const Matrix& rows, double perplexity = 30) {
  const auto k = static_cast<std::size_t>(3 * perplexity);
  return affinities(find_neighbors(std::make_shared<MatrixRows>(rows, 64), index::Metric::l2, k, 2),
                    perplexity, 2);
}

Tsne layout_of(const Matrix& rows, const TsneOptions& options = {}, double perplexity = 30,
               Simd level = simd_level()) {
  const auto pca = pca_layout(std::make_shared<MatrixRows>(rows, 64), index::Metric::l2, 2);
  return Tsne(affinities_of(rows, perplexity), options, tsne_start(pca.points, 1), level);
}

std::vector<float> copy_of(MatrixView points) {
  return {points.data, points.data + 2 * points.rows};
}

TEST(Affinities, HaveThePerplexityAskedFor) {
  const Matrix rows = test::clustered_matrix(200, 10, 1, 1, 5);
  // With all others as neighbours the definition can be computed for all pairs.
  const auto table =
      find_neighbors(std::make_shared<MatrixRows>(rows, 64), index::Metric::l2, 199, 1);
  const auto made = affinities(table, 20, 1);
  EXPECT_EQ(made.perplexity, 20);
  std::vector<double> joint(200 * 200);
  for (std::size_t i = 0; i < 200; ++i) {
    double low = 0, high = 1e6;
    std::vector<double> chances(199);
    for (int round = 0; round < 200; ++round) {
      const double beta = (low + high) / 2;
      double sum = 0, entropy = 0;
      for (std::size_t j = 0; j < 199; ++j) {
        const auto d = static_cast<double>(table.distances_of(i)[j]);
        sum += chances[j] = std::exp(-beta * d * d);
      }
      for (double& chance : chances) {
        chance /= sum;
        if (chance > 0) entropy -= chance * std::log(chance);
      }
      (entropy > std::log(20.0) || !std::isfinite(entropy) ? low : high) = beta;
      if (sum == 0) high = beta, low = 0;
    }
    for (std::size_t j = 0; j < 199; ++j) {
      joint[i * 200 + table.places_of(i)[j]] += chances[j] / 400;
      joint[table.places_of(i)[j] * 200 + i] += chances[j] / 400;
    }
  }
  double sum = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    ASSERT_TRUE(
        std::is_sorted(made.targets.begin() + static_cast<std::ptrdiff_t>(made.begins[i]),
                       made.targets.begin() + static_cast<std::ptrdiff_t>(made.begins[i + 1])));
    for (auto at = made.begins[i]; at < made.begins[i + 1]; ++at) {
      const auto p = static_cast<double>(made.weights[at]);
      EXPECT_NEAR(p, joint[i * 200 + made.targets[at]], 1e-8);
      sum += p;
    }
  }
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(Affinities, AreTheSameForAnyThreads) {
  const auto table = find_neighbors(
      std::make_shared<MatrixRows>(test::random_matrix(2000, 6, 2), 64), index::Metric::l2, 30, 2);
  const auto one = affinities(table, 10, 1), four = affinities(table, 10, 4);
  EXPECT_EQ(one.weights, four.weights);
  EXPECT_EQ(one.targets, four.targets);
}

TEST(Affinities, RefuseAPerplexityBelowOne) {
  const Neighbors one{1, 0, {}, {}};
  EXPECT_THROW(affinities(one, 0.5, 1), Error);
  EXPECT_THROW(affinities(one, std::numeric_limits<double>::quiet_NaN(), 1), Error);
  EXPECT_THROW(affinities({}, 30, 1), Error);
}

TEST(Tsne, GradientIsTheSlopeOfTheDivergence) {
  const Matrix rows = test::clustered_matrix(60, 5, 3, 1, 4);
  const auto pairs = affinities_of(rows, 5);
  Matrix at = test::random_matrix(60, 2, 4);
  const auto gradient = Tsne(pairs, {}, at).gradient(1, 1);
  for (std::size_t i = 0; i < 120; i += 7) {
    const float here = at.data()[i], step = 0.0078125F;
    at.data()[i] = here + step;
    const double more = Tsne(pairs, {}, at).divergence(1);
    at.data()[i] = here - step;
    const double less = Tsne(pairs, {}, at).divergence(1);
    at.data()[i] = here;
    EXPECT_NEAR(4 * gradient[i], (more - less) / (2 * static_cast<double>(step)), 2e-6) << i;
  }
}

TEST(Tsne, IsTheSameForAnyThreadsAndLevel) {
  const Matrix rows = test::clustered_matrix(900, 12, 5, 1, 6);  // more than are done pair by pair
  const TsneOptions few{20, 20};
  Tsne first = layout_of(rows, few);
  first.advance(100, 1);
  EXPECT_EQ(first.done(), 40U);
  for (const int threads : {2, 4}) {
    Tsne more = layout_of(rows, few);
    more.advance(15, threads);  // in parts
    more.advance(100, threads);
    EXPECT_EQ(copy_of(first.points()), copy_of(more.points()));
    EXPECT_EQ(first.divergence(1), more.divergence(threads));
  }
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    if (level > simd_level()) continue;
    Tsne other = layout_of(rows, few, 30, level);
    other.advance(100, 2);
    EXPECT_EQ(copy_of(first.points()), copy_of(other.points())) << name_of(level);
  }
}

TEST(Tsne, KeepsClustersTogether) {
  const Matrix rows = test::clustered_matrix(600, 20, 6, 1, 3);
  Tsne layout = layout_of(rows, {100, 150});
  const double before = layout.divergence(2);
  layout.advance(250, 2);
  EXPECT_LT(layout.divergence(2), before / 2);
  Matrix points(600, 2);
  std::copy_n(layout.points().data, 1200, points.data());
  const auto near = [](const Matrix& all) {
    return find_neighbors(std::make_shared<MatrixRows>(all, 64), index::Metric::l2, 30, 2);
  };
  const auto space = near(rows), map = near(points);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < 600; ++i) {
    for (const auto place : map.places_of(i)) {
      kept += static_cast<std::size_t>(std::ranges::count(space.places_of(i), place));
    }
  }
  EXPECT_GT(kept, 600U * 30 / 3);  // by chance it would be a twentieth
}

TEST(Tsne, StaysFiniteAndBounded) {
  Matrix far = test::random_matrix(600, 3, 7);
  for (std::size_t i = 300; i < 600; ++i) far.row(i)[0] += 1e18F;
  for (const Matrix& rows :
       {test::random_matrix(1, 3, 8), test::random_matrix(2, 3, 8), test::random_matrix(3, 3, 8),
        test::random_matrix(16, 3, 8), Matrix(40, 3), Matrix(600, 3), far}) {
    Tsne layout = layout_of(rows, {60, 60});
    layout.advance(1000, 2);
    EXPECT_TRUE(std::isfinite(layout.divergence(1)));
    for (std::size_t i = 0; i < 2 * rows.rows(); ++i) {
      ASSERT_TRUE(std::isfinite(layout.points().data[i])) << rows.rows();
      ASSERT_LT(std::abs(layout.points().data[i]), 1000) << rows.rows();
    }
  }
}

TEST(Tsne, StopsAfterAStep) {
  Tsne layout = layout_of(test::random_matrix(50, 4, 9), {10, 10}, 5);
  std::stop_source stop;
  Watcher watcher;
  watcher.stop = stop.get_token();
  watcher.report = [&](const Progress& progress) {
    EXPECT_EQ(progress.total, 20U);
    if (progress.done == 3) stop.request_stop();
  };
  layout.advance(20, 1, watcher);
  EXPECT_EQ(layout.done(), 3U);
  layout.advance(20, 1);
  EXPECT_EQ(layout.done(), 20U);
}

TEST(Tsne, StartsSmallAndApart) {
  const Matrix same = tsne_start(Matrix(10, 2), 1);
  EXPECT_NE(same.row(0)[0], same.row(1)[0]);
  Matrix given(2, 2);
  given.row(1)[0] = 8;
  const Matrix start = tsne_start(given, 1);
  EXPECT_NEAR(start.row(1)[0] - start.row(0)[0], 2e-4, 1e-5);
}

TEST(Tsne, RefusesWhatDoesNotFit) {
  const auto pairs = affinities_of(test::random_matrix(20, 3, 10), 5);
  EXPECT_THROW(Tsne(pairs, {}, Matrix(19, 2)), Error);
  EXPECT_THROW(Tsne(pairs, {}, Matrix(20, 3)), Error);
  EXPECT_THROW(Tsne(pairs, {0, 0}, Matrix(20, 2)), Error);
  EXPECT_THROW(Tsne(pairs, {1, 1, 0.5}, Matrix(20, 2)), Error);
  EXPECT_THROW(Tsne(pairs, {1, 1, 12, 1}, Matrix(20, 2)), Error);
  Matrix bad(20, 2);
  bad.row(3)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(Tsne(pairs, {}, bad), Error);
}

}  // namespace
}  // namespace alike::map
