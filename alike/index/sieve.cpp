#include "alike/index/sieve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alike::index {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Between these norms no product over- or underflows by more than the bounds allow for.
constexpr float kLeast = 1e-30F;
constexpr float kMost = 1e38F;

/// γₙ = nu / (1 − nu), u = 2⁻²⁴: a sum of n products in any order is off by at most γₙ Σ|aᵢbᵢ|
/// (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). n is `width` and 16 for the few
/// operations around the sum. Infinite where γ is not small against 1.
double rounding_share(std::size_t width) {
  const double nu = (static_cast<double>(width) + 16) * 0x1p-24;
  return nu < 1.0 / 16 ? nu / (1 - nu) : std::numeric_limits<double>::infinity();
}

double norm_of(std::span<const float> row) {
  double norm = 0;
  for (const double value : row) norm += value * value;
  return norm;
}

}  // namespace

Sieve::Sieve(const Distances& distances, std::size_t count)
    : metric_(distances.metric()),
      width_(distances.queries().width),
      share_(rounding_share(width_)),
      panels_((count + kPanelQueries - 1) / kPanelQueries, width_ * kPanelQueries) {
  const MatrixView queries = distances.queries();
  for (std::size_t q = 0; q < count; ++q) {
    norms_.push_back(norm_of(queries.row(q)));
    float* panel = panels_.row(q / kPanelQueries).data() + q % kPanelQueries;
    for (std::size_t i = 0; i < width_; ++i) panel[i * kPanelQueries] = queries.row(q)[i];
  }
}

// With γ = share_, A and B the norms (squared lengths) of query and row, D their product, s = 1/√B,
// L the limit and M what the exact kernel measures, all as computed; |D − ⟨q,r⟩| ≤ γ |q||r|, and
// 2|q||r| ≤ A + B:
//   cosine         1 − M s ≤ L      ⇒ D s ≥ 1 − L − 2γ|q||r|s          ≥ 1 − L − 3γ
//   inner product  −M ≤ L           ⇒ D ≥ −L − 2γ|q||r|                ≥ −L − 1.5 γ (A + B)
//   l2             M ≤ L², |q−r|² ≤ M (1 + γ) ⇒ 2⟨q,r⟩ ≥ A + B − L² (1 + γ)
//                                   ⇒ D ≥ (0.5 − γ)(A + B) − (0.5 + γ) L²
// The 16 operations in γ beyond the width are more than any of these lines needs for its own
// rounding.
float Sieve::threshold(std::size_t q, float limit) const {
  const double norm = norms_[q], least = limit;
  double threshold = -kInfinity;
  if (metric_ == Metric::cosine) {
    if (limit < 2) threshold = 1 - least - 3 * share_;  // larger ones are cut to 2
  } else if (norm < kMost && limit < kInfinity) {
    const double underflow = static_cast<double>(width_) * 0x1p-140;
    threshold = metric_ == Metric::l2
                    ? (0.5 - share_) * norm - (0.5 + share_) * least * least - underflow
                    : -least - 1.5 * share_ * norm - underflow;
  }
  if (!(threshold > -kMost)) return -kInfinity;
  return std::nextafter(static_cast<float>(threshold), -kInfinity);
}

void Sieve::weigh(const float* rows, std::size_t count, Scratch& scratch) const {
  scratch.factors.assign(count, 1);
  scratch.terms.assign(count, 0);
  scratch.values.resize(count * kPanelQueries);
  const auto share = static_cast<float>(share_);
  for (std::size_t r = 0; r < count; ++r) {
    const float* row = rows + r * width_;
    const float norm = kernels().dot(row, row, width_);
    float& term = scratch.terms[r];
    if (metric_ == Metric::cosine) scratch.factors[r] = scale_of(norm);
    if (metric_ == Metric::inner_product) term = 1.5F * share * norm;
    if (metric_ == Metric::l2) term = -(0.5F - share) * norm;
    const bool tiny = metric_ == Metric::cosine && norm > 0 && norm < kLeast;
    if (!(norm < kMost) || tiny) term = kNan;
  }
}

void Sieve::values(std::size_t p, const float* rows, Scratch& scratch) const {
  const std::size_t count = scratch.terms.size();
  float* values = scratch.values.data();
  kernels().dot_panel(panels_.row(p).data(), rows, count, width_, values);
  for (std::size_t r = 0; r < count; ++r, values += kPanelQueries) {
    const float factor = scratch.factors[r], term = scratch.terms[r];
    for (std::size_t q = 0; q < kPanelQueries; ++q) values[q] = values[q] * factor + term;
  }
}

}  // namespace alike::index
