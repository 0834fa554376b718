#include "alike/index/flat/batch_prefilter.h"

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

// Narrower rows are not worth the turning into bytes, the products of wider ones may overflow.
constexpr std::size_t kLeastBytes = 32, kMostBytes = 65536;

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

/// No less than the root of `squares`, a sum of squares as rounded.
float raised(double squares, double share) {
  return static_cast<float>(std::sqrt(squares) * (1 + 2 * share));
}

}  // namespace

BatchPrefilter::BatchPrefilter(const Distances& distances, std::size_t count,
                               const BytePanel* bytes)
    : metric_(distances.metric()),
      width_(distances.queries().width),
      share_(rounding_share(width_)),
      panels_((count + kPanelQueries - 1) / kPanelQueries),
      bytes_(width_ >= kLeastBytes && width_ <= kMostBytes ? bytes : nullptr),
      stride_((width_ + kByteGroup - 1) / kByteGroup * kByteGroup) {
  if (bytes_ == nullptr) {
    floats_ = Matrix(panels_, width_ * kPanelQueries);
  } else {
    byte_panels_.resize(panels_ * stride_ * kPanelQueries);
    lanes_.resize(panels_);
  }
  for (std::size_t q = 0; q < count; ++q) {
    const float* query = distances.queries().row(q).data();
    norms_.push_back(norm_of({query, width_}));
    if (bytes_ == nullptr) {
      keep(q, query);
    } else {
      keep_bytes(q, query);
    }
  }
}

void BatchPrefilter::keep(std::size_t q, const float* query) {
  float* panel = floats_.row(q / kPanelQueries).data() + q % kPanelQueries;
  for (std::size_t i = 0; i < width_; ++i) panel[i * kPanelQueries] = query[i];
}

void BatchPrefilter::keep_bytes(std::size_t q, const float* query) {
  std::vector<std::int8_t> bytes(width_);
  const ByteRow of = bytes_->bytes_of(query, width_, bytes.data());
  const std::size_t lane = q % kPanelQueries;
  std::uint8_t* panel = byte_panels_.data() + q / kPanelQueries * stride_ * kPanelQueries;
  for (std::size_t i = 0; i < width_; ++i) {
    panel[(i / kByteGroup * kPanelQueries + lane) * kByteGroup + i % kByteGroup] =
        static_cast<std::uint8_t>(bytes[i] + kByteShift);
  }
  Lanes& lanes = lanes_[q / kPanelQueries];
  lanes.units[lane] = of.unit;
  lanes.lengths[lane] = raised(norms_[q], share_);
  lanes.errors[lane] = raised(double{of.error}, share_);
}

// With γ = share_, A and B the norms (squared lengths) of query and row, D their product, s = 1/√B,
// L the limit and M the exact kernel's result, all as computed; |D − ⟨q,r⟩| ≤ γ |q||r|, and
// 2|q||r| ≤ A + B:
//   cosine         1 − M s ≤ L      ⇒ D s ≥ 1 − L − 2γ|q||r|s          ≥ 1 − L − 3γ
//   inner product  −M ≤ L           ⇒ D ≥ −L − 2γ|q||r|                ≥ −L − 1.5 γ (A + B)
//   l2             M ≤ L², |q−r|² ≤ M (1 + γ) ⇒ 2⟨q,r⟩ ≥ A + B − L² (1 + γ)
//                                   ⇒ D ≥ (0.5 − γ)(A + B) − (0.5 + γ) L²
// The 16 operations in γ beyond the width are more than any of these lines needs for its own
// rounding.
//
// With bytes, q = u b + e and r = v a + f, so that ⟨q,r⟩ = u v ⟨b,a⟩ + ⟨q,f⟩ + ⟨e,va⟩, and D is
// u v ⟨b,a⟩ + |q||f| + |e|(|r| + |f|), no less than ⟨q,r⟩ but for the rounding of eight operations
// on numbers that are hardly larger than |q||r|: |f| ≤ √width/254 |r|. D may then be too small by
// γ|q||r|, as above.
float BatchPrefilter::threshold(std::size_t q, float limit) const {
  const double norm = norms_[q], least = limit;
  double threshold = -kInfinity;
  if (metric_ == Metric::cosine) {
    // Larger distances are cut to 2, so nothing is above.
    if (limit < 2) threshold = 1 - least - 3 * share_;
  } else if (norm < kMost && limit < kInfinity) {
    const double underflow = static_cast<double>(width_) * 0x1p-140;
    threshold = metric_ == Metric::l2
                    ? (0.5 - share_) * norm - (0.5 + share_) * least * least - underflow
                    : -least - 1.5 * share_ * norm - underflow;
  }
  if (!(threshold > -kMost)) return -kInfinity;
  return std::nextafter(static_cast<float>(threshold), -kInfinity);
}

void BatchPrefilter::weigh(const float* rows, std::size_t count, Scratch& scratch) const {
  scratch.factors.assign(count, 1);
  scratch.terms.assign(count, 0);
  scratch.values.resize(count * kPanelQueries);
  if (bytes_ != nullptr) {
    scratch.bytes.resize(count * stride_);  // the padding of a row stays zero
    scratch.byte_rows.resize(count);
    scratch.lengths.resize(count);
    scratch.errors.resize(count);
    scratch.products.resize(count * kPanelQueries);
  }
  const auto share = static_cast<float>(share_);
  for (std::size_t r = 0; r < count; ++r) {
    const float* row = rows + r * width_;
    float norm = 0;
    if (bytes_ == nullptr) {
      norm = kernels().dot(row, row, width_);
    } else {
      ByteRow& bytes = scratch.byte_rows[r];
      bytes = bytes_->bytes_of(row, width_, scratch.bytes.data() + r * stride_);
      norm = bytes.norm;
      scratch.lengths[r] = raised(double{norm}, share_);
      scratch.errors[r] = raised(double{bytes.error}, share_);
    }
    float& term = scratch.terms[r];
    if (metric_ == Metric::cosine) scratch.factors[r] = scale_of(norm);
    if (metric_ == Metric::inner_product) term = 1.5F * share * norm;
    if (metric_ == Metric::l2) term = -(0.5F - share) * norm;
    const bool tiny = metric_ == Metric::cosine && norm < kLeast &&
                      std::any_of(row, row + width_, [](float value) { return value != 0; });
    if (!(norm < kMost) || tiny) term = kNan;
  }
}

void BatchPrefilter::values(std::size_t p, const float* rows, Scratch& scratch) const {
  if (bytes_ != nullptr) return byte_values(p, scratch);
  const std::size_t count = scratch.terms.size();
  float* values = scratch.values.data();
  kernels().dot_panel(floats_.row(p).data(), rows, count, width_, values);
  for (std::size_t r = 0; r < count; ++r, values += kPanelQueries) {
    const float factor = scratch.factors[r], term = scratch.terms[r];
    for (std::size_t q = 0; q < kPanelQueries; ++q) values[q] = values[q] * factor + term;
  }
}

void BatchPrefilter::byte_values(std::size_t p, Scratch& scratch) const {
  const std::size_t count = scratch.terms.size();
  const Lanes& lanes = lanes_[p];
  bytes_->dot(byte_panels_.data() + p * stride_ * kPanelQueries, scratch.bytes.data(), count,
              stride_, scratch.products.data());
  for (std::size_t r = 0; r < count; ++r) {
    const ByteRow& of = scratch.byte_rows[r];
    const float factor = scratch.factors[r], term = scratch.terms[r], unit = of.unit * factor;
    const float error = scratch.errors[r] * factor, length = scratch.lengths[r] * factor + error;
    const std::int32_t shift = kByteShift * of.sum;
    const std::int32_t* products = scratch.products.data() + r * kPanelQueries;
    float* values = scratch.values.data() + r * kPanelQueries;
    for (std::size_t q = 0; q < kPanelQueries; ++q) {
      values[q] = static_cast<float>(products[q] - shift) * (lanes.units[q] * unit) +
                  lanes.lengths[q] * error + lanes.errors[q] * length + term;
    }
  }
}

}  // namespace alike::index
