#include "alike/measure/ranks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alike::measure {
namespace {

constexpr std::size_t kBuckets = 8192;  // the last one is for infinity

}  // namespace

/// Sets the bucket of each value and where each bucket begins; returns the bucket that the rank
/// `limit` falls into.
std::size_t Ranks::count(std::span<const float> values, std::size_t limit) {
  float low = std::numeric_limits<float>::max(), high = std::numeric_limits<float>::lowest();
  for (const float value : values) {
    low = std::min(low, value);
    high = std::isinf(value) ? high : std::max(high, value);
  }
  const float range = high > low ? high - low : 1;
  const float scale = static_cast<float>(kBuckets - 2) / range;
  buckets_.resize(values.size());
  begins_.assign(kBuckets + 1, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Larger values never get a smaller bucket: both steps keep the order.
    const float at = std::min((values[i] - low) * scale, static_cast<float>(kBuckets - 1));
    buckets_[i] = static_cast<std::uint16_t>(at);
    ++begins_[buckets_[i] + 1U];
  }
  std::size_t last = kBuckets - 1;
  for (std::size_t b = 0; b < kBuckets; ++b) {
    begins_[b + 1] += begins_[b];
    if (begins_[b + 1] >= limit && last == kBuckets - 1) last = b;
  }
  return last;
}

/// Brings together the values of each bucket up to `last`.
void Ranks::collect(std::span<const float> values, std::size_t last) {
  entries_.resize(begins_[last + 1]);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (buckets_[i] > last) continue;
    entries_[begins_[buckets_[i]]++] = {values[i], static_cast<std::uint32_t>(i)};
  }
}

std::span<const std::uint32_t> Ranks::of(std::span<const float> values,
                                         std::span<const std::uint8_t> wanted, std::size_t limit) {
  ranks_.clear();
  const std::size_t last = count(values, limit);
  collect(values, last);
  // A bucket now begins where the one before ends.
  for (std::size_t b = 0, begin = 0; b <= last; begin = begins_[b++]) {
    const auto from = entries_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = entries_.begin() + static_cast<std::ptrdiff_t>(begins_[b]);
    if (std::none_of(from, to, [&](const Entry& e) { return wanted[e.place] != 0; })) continue;
    std::sort(from, to, [](const Entry& x, const Entry& y) {
      return x.value != y.value ? x.value < y.value : x.place < y.place;
    });
    for (auto entry = from; entry != to; ++entry) {
      if (wanted[entry->place] == 0) continue;
      ranks_.push_back(static_cast<std::uint32_t>(entry - entries_.begin()) + 1);
    }
  }
  return ranks_;
}

}  // namespace alike::measure
