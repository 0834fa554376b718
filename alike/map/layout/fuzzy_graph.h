// Neighbours → a symmetric graph, weighted by how surely two rows belong together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/map/layout/neighbors.h"

namespace alike::map {

/// Symmetric, without links of a row to itself, in compressed rows.
struct FuzzyGraph {
  std::vector<std::uint64_t> begins;   ///< (rows + 1) where each row's links begin.
  std::vector<std::uint32_t> targets;  ///< Ascending within a row.
  std::vector<float> weights;          ///< (0, 1]

  std::size_t rows() const { return begins.size() - 1; }
  std::span<const std::uint32_t> targets_of(std::size_t row) const {
    return std::span(targets).subspan(begins[row], begins[row + 1] - begins[row]);
  }
  std::span<const float> weights_of(std::size_t row) const {
    return std::span(weights).subspan(begins[row], begins[row + 1] - begins[row]);
  }
};

/// How far a row's neighbourhood reaches: its weights are exp(−max(0, d − nearest) / scale).
struct Reach {
  double nearest = 0;  ///< rho: distance that counts as none.
  double scale = 1;    ///< sigma
};

/// The reach by which the weights of `distances` (ascending) sum up to log2 of one more than their
/// number, by bisection to 1e-5; `scale` is at least 1e-3 of `mean`, which stands in for the mean
/// distance where `nearest` is 0 (McInnes, Healy, Melville, arXiv 1802.03426, algorithm 3).
/// `nearest` is the first distance above 0, or 0 when `connected` is false, as for rows that are
/// placed on a map.
Reach reach_of(std::span<const float> distances, double mean, bool connected = true);

/// Weight of a neighbour at `distance`.
float weight_at(const Reach& reach, float distance);

/// The fuzzy union w + wᵀ − w∘wᵀ of all rows' weights (the same paper, algorithm 1), from the first
/// `k` neighbours of each. The same for any number of threads.
FuzzyGraph fuzzy_graph(const Neighbors& neighbors, std::size_t k, int threads);

/// Draws rows of one label together and others apart: weights between unlike labels shrink by
/// e^−far, where `pull` in [0, 1) gives far = 2.5 / (1 − pull), those of a label below 0 (unknown)
/// by 1/e, then every row's largest becomes 1 and the union is made anew (umap-learn's categorical
/// intersection). `labels` (rows). Throws `invalid_argument`.
void pull_labels(FuzzyGraph& graph, std::span<const int> labels, double pull, int threads);

}  // namespace alike::map
