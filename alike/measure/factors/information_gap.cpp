// `mutual_information_gap` of disentanglement.h.
#include <algorithm>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/math/exponential.h"
#include "alike/measure/factors/factor_check.h"

namespace alike::measure {
namespace {

/// The piece of each row, from 0: as numpy.digitize with all edges of numpy.histogram but the
/// last.
std::vector<std::size_t> pieces_of(MatrixView codes, std::size_t dim, std::size_t bins) {
  double low = codes.row(0)[dim], high = low;
  for (std::size_t i = 1; i < codes.rows; ++i) {
    low = std::min(low, double{codes.row(i)[dim]});
    high = std::max(high, double{codes.row(i)[dim]});
  }
  const double step = (high - low) / static_cast<double>(bins);
  std::vector<double> edges(bins);
  for (std::size_t b = 0; b < bins; ++b) edges[b] = static_cast<double>(b) * step + low;
  std::vector<std::size_t> pieces(codes.rows);
  for (std::size_t i = 0; i < codes.rows && step > 0; ++i) {
    const auto above = std::ranges::upper_bound(edges, double{codes.row(i)[dim]});
    pieces[i] = static_cast<std::size_t>(above - edges.begin()) - 1;
  }
  return pieces;
}

/// −Σ p ln p of counts of `total`, in nats.
double entropy(const std::vector<double>& counts, double total) {
  double sum = 0;
  for (const double count : counts) {
    if (count > 0) sum -= count / total * logarithm(count / total);
  }
  return sum;
}

}  // namespace

double mutual_information_gap(MatrixView codes, const FactorTable& factors, std::size_t bins) {
  DisentanglementOptions options;
  options.bins = bins;
  check_options(options);
  check_codes(codes, factors);
  const auto counts = value_counts(factors);
  const auto total = static_cast<double>(codes.rows);
  std::vector<double> information(counts.size() * codes.width), entropies;
  for (std::size_t f = 0; f < counts.size(); ++f) {
    std::vector<double> values(counts[f]);
    for (std::size_t i = 0; i < codes.rows; ++i) {
      ++values[static_cast<std::size_t>(factors.at(i, f))];
    }
    entropies.push_back(entropy(values, total));
  }
  for (std::size_t d = 0; d < codes.width; ++d) {
    const auto pieces = pieces_of(codes, d, bins);
    std::vector<double> of_piece(bins);
    for (const std::size_t piece : pieces) ++of_piece[piece];
    for (std::size_t f = 0; f < counts.size(); ++f) {
      std::vector<double> joint(bins * counts[f]);
      for (std::size_t i = 0; i < codes.rows; ++i) {
        ++joint[pieces[i] * counts[f] + static_cast<std::size_t>(factors.at(i, f))];
      }
      // I(code; factor) = H(code) + H(factor) − H(both)
      information[f * codes.width + d] =
          std::max(0.0, entropy(of_piece, total) + entropies[f] - entropy(joint, total));
    }
  }
  return mean_gap(information, codes.width, entropies);
}

}  // namespace alike::measure
