// How near points should lie on a map: the curve that umap pulls and pushes by.
#pragma once

namespace alike::map {

/// 1 / (1 + a d^2b), the target similarity of points at distance d.
struct Curve {
  double a = 1;
  double b = 1;
};

/// The one that comes nearest, by least squares over 300 distances up to 3 · `spread`, to 1 below
/// `min_dist` and exp(−(d − min_dist) / spread) beyond (McInnes, Healy, Melville, arXiv 1802.03426,
/// §4.3 and umap-learn's find_ab_params). Throws `invalid_argument` unless
/// 0 ≤ min_dist ≤ spread and 1e-3 ≤ spread ≤ 1000.
Curve fit_curve(double min_dist, double spread);

}  // namespace alike::map
