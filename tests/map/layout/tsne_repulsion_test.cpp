#include "alike/map/layout/tsne_repulsion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <vector>

#include "alike/base/random.h"
#include "alike/map/layout/fourier.h"

namespace alike::map {
namespace {

/// Points in a few crowds, `extent` wide in all.
std::vector<double> crowds(std::size_t count, double extent, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> points;
  for (std::size_t i = 0; i < 2 * count; ++i) {
    const double center = static_cast<double>((i / 2 * 7 + i % 2 * 3) % 5) / 5;
    points.push_back(extent * (center + 0.2 * random.uniform() - 0.5));
  }
  return points;
}

/// Length of the difference by the length of the whole.
double error_of(const std::vector<double>& made, const std::vector<double>& truth) {
  double off = 0, all = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    off += (made[i] - truth[i]) * (made[i] - truth[i]);
    all += truth[i] * truth[i];
  }
  return std::sqrt(off / all);
}

TEST(Fourier, IsTheSumOfItsDefinition) {
  for (const std::size_t size : {2U, 3U, 4U, 8U, 12U, 48U, 64U, 96U, 144U}) {
    Lines lines(size), room(size);
    Random random(size);
    for (double& value : lines.re) value = random.uniform() - 0.5;
    for (double& value : lines.im) value = random.uniform() - 0.5;
    const Lines given = lines;
    Fourier(size).transform(lines, room);
    for (std::size_t k = 0; k < size; ++k) {
      for (std::size_t line = 0; line < kLines; ++line) {
        std::complex<double> sum;
        for (std::size_t n = 0; n < size; ++n) {
          const double turn =
              -2 * std::acos(-1.0) * static_cast<double>(k * n % size) / static_cast<double>(size);
          sum += std::complex(given.re[n * kLines + line], given.im[n * kLines + line]) *
                 std::polar(1.0, turn);
        }
        ASSERT_NEAR(lines.re[k * kLines + line], sum.real(), 1e-13) << size;
        ASSERT_NEAR(lines.im[k * kLines + line], sum.imag(), 1e-13) << size;
      }
    }
  }
}

TEST(Fourier, IsTheSameAtAnyLevel) {
  Lines first(288), room(288);
  Random random(1);
  for (double& value : first.re) value = random.uniform() - 0.5;
  const Lines given = first;
  Fourier(288, Simd::scalar).transform(first, room);
  for (const Simd level : {Simd::avx2, Simd::avx512}) {
    if (level > simd_level()) continue;
    Lines other = given;
    Fourier(288, level).transform(other, room);
    EXPECT_EQ(first.re, other.re);
    EXPECT_EQ(first.im, other.im);
  }
}

TEST(Fourier, KnowsTheCosine) {
  for (int i = 0; i <= 1000; ++i) {
    EXPECT_NEAR(cosine_of_turns(i / 1000.0), std::cos(2 * std::acos(-1.0) * i / 1000.0), 2e-15);
  }
}

TEST(ParticleMesh, PushesAsAllPairsDo) {
  ParticleMesh mesh;  // one for all, so that its kernel is made anew
  for (const double extent : {1e-4, 0.01, 1.0, 10.0, 40.0, 150.0, 2.0, 300.0, 2700.0}) {
    const auto points = crowds(1500, extent, 1);
    const Repulsion truth = repulsion_of_pairs(points, 2), made = mesh.repulsion(points, 2);
    const double error = error_of(made.pushes, truth.pushes);
    EXPECT_LT(error, extent > 750 ? 1 : 1.5e-2) << extent;  // of few points that hardly touch
    EXPECT_NEAR(made.total / truth.total, 1, extent > 750 ? 0.2 : 2e-3) << extent;
  }
}

TEST(ParticleMesh, IsTheSameForAnyThreads) {
  const auto points = crowds(3000, 50, 2);
  const Repulsion one = ParticleMesh().repulsion(points, 1);
  for (const int threads : {2, 4}) {
    const Repulsion more = ParticleMesh().repulsion(points, threads);
    EXPECT_EQ(one.pushes, more.pushes);
    EXPECT_EQ(one.total, more.total);
  }
}

TEST(ParticleMesh, StandsPointsInOnePlace) {
  const Repulsion made = ParticleMesh().repulsion(std::vector<double>(2000, 3), 2);
  EXPECT_NEAR(made.total, 1000.0 * 999, 1);
  for (const double push : made.pushes) EXPECT_NEAR(push, 0, 1e-3);
}

}  // namespace
}  // namespace alike::map
