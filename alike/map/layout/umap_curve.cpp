#include "alike/map/layout/umap_curve.h"

#include <string>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"

namespace alike::map {
namespace {

constexpr int kSamples = 300;
constexpr int kMostSteps = 200;

void check(double min_dist, double spread) {
  if (!(spread >= 1e-3 && spread <= 1000)) {
    throw Error(ErrorCode::invalid_argument,
                "spread is " + std::to_string(spread) + "; it must be from 0.001 to 1000");
  }
  if (!(min_dist >= 0 && min_dist <= spread)) {
    throw Error(ErrorCode::invalid_argument, "min_dist is " + std::to_string(min_dist) +
                                                 "; it must be from 0 to spread, " +
                                                 std::to_string(spread));
  }
}

/// Squared misses of a curve, and the normal equations of their Gauss-Newton step.
struct Misses {
  double sum = 0;
  double aa = 0, ab = 0, bb = 0;  // Jᵀ J
  double ga = 0, gb = 0;          // Jᵀ miss
};

Misses misses(const Curve& curve, double min_dist, double spread) {
  Misses all;
  for (int i = 0; i < kSamples; ++i) {
    const double d = 3 * spread * i / (kSamples - 1);
    const double wanted = d < min_dist ? 1 : exponential(-(d - min_dist) / spread);
    const double raised = power(d, 2 * curve.b), near = 1 / (1 + curve.a * raised);
    const double miss = near - wanted;
    const double by_a = -raised * near * near;
    const double by_b = d > 0 ? 2 * curve.a * by_a * logarithm(d) : 0;
    all.sum += miss * miss;
    all.aa += by_a * by_a;
    all.ab += by_a * by_b;
    all.bb += by_b * by_b;
    all.ga += by_a * miss;
    all.gb += by_b * miss;
  }
  return all;
}

/// Where the damped Gauss-Newton step leads.
Curve stepped(const Curve& curve, const Misses& at, double damping) {
  const double aa = at.aa * (1 + damping), bb = at.bb * (1 + damping);
  const double determinant = aa * bb - at.ab * at.ab;
  return {curve.a - (bb * at.ga - at.ab * at.gb) / determinant,
          curve.b - (aa * at.gb - at.ab * at.ga) / determinant};
}

}  // namespace

// Levenberg and Marquardt: the damping grows until a step is better, and shrinks after it.
Curve fit_curve(double min_dist, double spread) {
  check(min_dist, spread);
  Curve best{power(spread, -2), 1};
  Misses at = misses(best, min_dist, spread);
  double damping = 1e-3;
  for (int step = 0; step < kMostSteps && damping < 1e12; ++step) {
    const Curve next = stepped(best, at, damping);
    const bool usable = next.a > 0 && next.b > 0 && next.b < 50;
    const Misses there = usable ? misses(next, min_dist, spread) : Misses{};
    if (usable && there.sum < at.sum) {
      best = next;
      at = there;
      damping *= 0.1;
    } else {
      damping *= 10;
    }
  }
  return best;
}

}  // namespace alike::map
