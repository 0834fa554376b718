#include "alike/index/filter.h"

#include <algorithm>

namespace alike::index {
namespace {

constexpr std::uint64_t kBitsPerId = 256;  // at most: otherwise the set is searched
constexpr std::uint64_t kFewBits = 1 << 16;

}  // namespace

/// Ids and, where they are not too far apart, a bit for each number from the first to the last.
struct Filter::Set {
  std::vector<std::int64_t> ids;
  std::vector<std::uint64_t> bits;
};

Filter Filter::of(std::vector<std::int64_t> ids) {
  auto set = std::make_shared<Set>();
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (!ids.empty()) {
    const auto first = static_cast<std::uint64_t>(ids.front());
    const std::uint64_t last = static_cast<std::uint64_t>(ids.back()) - first;
    if (last < std::max(kFewBits, kBitsPerId * ids.size())) {
      set->bits.resize(last / 64 + 1);
      for (const std::int64_t id : ids) {
        const std::uint64_t at = static_cast<std::uint64_t>(id) - first;
        set->bits[at / 64] |= std::uint64_t{1} << (at % 64);
      }
    }
  }
  set->ids = std::move(ids);
  Filter filter;
  filter.set_ = std::move(set);
  return filter;
}

std::span<const std::int64_t> Filter::ids() const {
  return set_ != nullptr ? std::span<const std::int64_t>(set_->ids)
                         : std::span<const std::int64_t>();
}

bool Filter::contains(std::int64_t id) const {
  if (set_->ids.empty()) return false;
  if (set_->bits.empty()) return std::binary_search(set_->ids.begin(), set_->ids.end(), id);
  const std::uint64_t at =
      static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(set_->ids.front());
  return at / 64 < set_->bits.size() && (set_->bits[at / 64] >> (at % 64) & 1) != 0;
}

}  // namespace alike::index
