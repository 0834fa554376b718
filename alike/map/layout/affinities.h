// Neighbours → how likely each pair of rows belongs together: the input of t-SNE.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/map/layout/neighbors.h"

namespace alike::map {

/// The joint probabilities p of pairs, symmetric, in compressed rows; they sum up to 1.
struct Affinities {
  std::vector<std::uint64_t> begins;   ///< (rows + 1) where each row's pairs begin.
  std::vector<std::uint32_t> targets;  ///< Ascending within a row, never the row itself.
  std::vector<float> weights;          ///< p, at least 0.
  double perplexity = 0;               ///< That was used.

  std::size_t rows() const { return begins.size() - 1; }
};

/// p(i, j) = (p(j|i) + p(i|j)) / 2n, where p(j|i) ∝ exp(−β d²) among the neighbours of i and β is
/// such that the entropy is log(perplexity) within 1e-6 (van der Maaten and Hinton, JMLR 9, 2008).
/// Where a row has fewer than three times `perplexity` neighbours, that is lowered to a third of
/// them, but not below 1. The same for any number of threads and any processor. Throws
/// `invalid_argument` for a perplexity below 1 or not finite, and for no rows.
Affinities affinities(const Neighbors& neighbors, double perplexity, int threads);

}  // namespace alike::map
