#include "alike/measure/gallery_effects.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace alike::measure {
namespace {

constexpr double kUnit = 0x1.0p40;  // effects are summed as whole numbers, in any order

}  // namespace

GalleryEffects::GalleryEffects(std::vector<std::uint32_t> gallery,
                               std::span<const std::uint32_t> rows, std::size_t measures)
    : gallery_(std::move(gallery)),
      rows_(rows.begin(), rows.end()),
      step_(std::max<std::size_t>(1, (rows.size() + kQueries - 1) / kQueries)) {
  const std::size_t places = gallery_.empty() ? 0 : gallery_.back() + std::size_t{1};
  sums_.assign(measures, std::vector<std::int64_t>(places));
  kept_.assign(measures, std::vector<Kept>((rows.size() + step_ - 1) / step_));
}

void GalleryEffects::add(std::size_t query, std::size_t measure,
                         std::span<const GalleryEffect> effects, std::size_t kin) {
  double of_kin = 0;
  Kept& kept = kept_[measure][query / step_];
  for (const GalleryEffect& each : effects) {
    kept.squares += each.effect * each.effect;
    of_kin += each.kin ? each.effect : 0;
  }
  // Without one of its kin a query has fewer of them, whichever it is: no matter of the pair.
  const double usual = kin > 0 ? of_kin / static_cast<double>(kin) : 0;
  kept.centered = kept.squares - of_kin * usual;
  kept.count = std::min(kKept, effects.size());
  for (std::size_t i = 0; i < kept.count; ++i) {
    kept.rows[i] = effects[i].row;
    kept.effects[i] = static_cast<float>(effects[i].effect - (effects[i].kin ? usual : 0));
  }
  const std::lock_guard lock(adding_);
  for (const GalleryEffect& each : effects) {
    sums_[measure][each.row] += std::llround(each.effect * kUnit);
  }
}

/// The sum over pairs of queries of the product of their effects on each other.
double GalleryEffects::mutual(const std::vector<Kept>& kept) const {
  double sum = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (std::size_t n = 0; n < kept[i].count; ++n) {
      const auto at = std::ranges::lower_bound(rows_, kept[i].rows[n]);
      if (at == rows_.end() || *at != kept[i].rows[n]) continue;
      const auto query = static_cast<std::size_t>(at - rows_.begin());
      if (query % step_ != 0) continue;
      const Kept& other = kept[query / step_];
      const auto end = other.rows.begin() + static_cast<std::ptrdiff_t>(other.count);
      const auto back = std::find(other.rows.begin(), end, rows_[i * step_]);
      if (back == end) continue;
      sum += double{kept[i].effects[n]} *
             double{other.effects[static_cast<std::size_t>(back - other.rows.begin())]};
    }
  }
  return sum;
}

void GalleryEffects::finish(std::size_t measure, std::span<const std::uint32_t> partners,
                            Measure& to) const {
  const auto times = static_cast<double>(step_);
  std::vector<double> own(std::max(sums_[measure].size(), rows_.back() + std::size_t{1}));
  for (std::size_t q = 0; q < rows_.size(); ++q) own[rows_[q]] = to.values[q] - to.value;
  std::vector<double> plain = own;
  for (std::size_t q = 0; q < partners.size(); ++q) {
    // Both rows of a class of two are queries or neither is: one draw, its influence shared.
    if (partners[q] == rows_[q]) continue;
    own[rows_[q]] = (plain[rows_[q]] + plain[partners[q]]) / std::sqrt(2.0);
  }
  std::vector<double> moved(gallery_.size());
  double mean = 0;
  for (std::size_t i = 0; i < gallery_.size(); ++i) {
    moved[i] = times * static_cast<double>(sums_[measure][gallery_[i]]) / kUnit;
    mean += moved[i] / static_cast<double>(gallery_.size());
  }
  double product = 0, square = 0;
  for (std::size_t i = 0; i < gallery_.size(); ++i) {
    moved[i] -= mean;
    product += own[gallery_[i]] * moved[i];
    square += moved[i] * moved[i];
  }
  double pairs = times * times * mutual(kept_[measure]) / 2;
  for (const Kept& kept : kept_[measure]) {
    pairs += times * kept.centered + times * (times - 1) * kept.squares;
  }
  // The share s of the effects with Σ (own + s · moved)² = Σ own² + what the pairs leave.
  const double left = std::max(0.0, 2 * product + square - pairs);
  const double share =
      square > 0 ? (std::sqrt(product * product + square * left) - product) / square : 0;
  to.others = gallery_;
  to.effects = std::move(moved);
  for (std::size_t i = 0; i < gallery_.size(); ++i) {
    to.effects[i] = share * to.effects[i] + own[gallery_[i]] - plain[gallery_[i]];
  }
}

}  // namespace alike::measure
