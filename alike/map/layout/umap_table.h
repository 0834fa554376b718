// The coefficients of UMAP's pushes and pulls, by distance.
#pragma once

#include <vector>

#include "alike/map/layout/umap_curve.h"

namespace alike::map {

/// (2, kBins): the factor of the difference of two points for a push, 2 γ b / ((0.001 + d²)
/// (1 + a d^2b)), then for the pull of a link on both its ends, twice −2ab d^2(b−1) / (1 + a d^2b)
/// (arXiv 1802.03426, §4.2), each at the middle of its bin of d².
std::vector<float> umap_table(const Curve& curve, double repulsion);

/// The same for moves at `rate`, where no pull goes farther than a fifth of the way. A pull that
/// moves both ends keeps their middle; one that moves its owner only does not: where it goes far,
/// clusters wander, and the map grows to twice its width (docs/decisions/0007-umap.md).
std::vector<float> limited_table(const std::vector<float>& table, float rate);

}  // namespace alike::map
