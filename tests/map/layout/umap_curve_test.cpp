#include "alike/map/layout/umap_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "alike/base/error.h"

namespace alike::map {
namespace {

// python3 -c "from umap.umap_ import find_ab_params; print(find_ab_params(1, 0.1))" and so on
TEST(UmapCurve, finds_what_umap_learn_finds) {
  const auto expect = [](double min_dist, double spread, double a, double b) {
    const Curve curve = fit_curve(min_dist, spread);
    EXPECT_NEAR(curve.a, a, 2e-4 * a) << min_dist << " " << spread;
    EXPECT_NEAR(curve.b, b, 2e-4 * b) << min_dist << " " << spread;
  };
  expect(0.1, 1, 1.5769434, 0.8950609);
  expect(0.01, 1, 1.8956, 0.80064);
  expect(0.5, 1, 0.58303, 1.33417);
}

TEST(UmapCurve, is_better_than_its_surroundings) {
  const auto miss = [](double a, double b, double min_dist, double spread) {
    double sum = 0;
    for (int i = 0; i < 300; ++i) {
      const double d = 3 * spread * i / 299;
      const double wanted = d < min_dist ? 1 : std::exp(-(d - min_dist) / spread);
      sum += std::pow(1 / (1 + a * std::pow(d, 2 * b)) - wanted, 2);
    }
    return sum;
  };
  for (const double spread : {0.01, 0.5, 1.0, 20.0, 1000.0}) {
    for (const double share : {0.0, 0.1, 0.9, 1.0}) {
      const Curve best = fit_curve(share * spread, spread);
      const double least = miss(best.a, best.b, share * spread, spread);
      ASSERT_TRUE(std::isfinite(least));
      for (const double by : {0.99, 1.01}) {
        EXPECT_LE(least, miss(by * best.a, best.b, share * spread, spread) + 1e-12);
        EXPECT_LE(least, miss(best.a, by * best.b, share * spread, spread) + 1e-12);
      }
    }
  }
}

TEST(UmapCurve, refuses_what_has_no_curve) {
  EXPECT_THROW(fit_curve(-0.1, 1), Error);
  EXPECT_THROW(fit_curve(1.1, 1), Error);
  EXPECT_THROW(fit_curve(0, 0), Error);
  EXPECT_THROW(fit_curve(std::numeric_limits<double>::quiet_NaN(), 1), Error);
}

}  // namespace
}  // namespace alike::map
