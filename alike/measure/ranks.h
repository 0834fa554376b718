// The ranks of some rows among all, by distance from a query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alike::measure {

/// Ranks by counting: values go to some thousand buckets, and only those near a requested one are
/// sorted. Keeps its room between calls. Not for several threads at once.
class Ranks {
 public:
  struct Entry {
    float value;
    std::uint32_t place;
  };

  /// The ranks, from 1 and ascending, of the places marked in `wanted` among `values` (n), smallest
  /// first, equal ones by place; ranks above `limit` may be left out. No value is NaN.
  std::span<const std::uint32_t> of(std::span<const float> values,
                                    std::span<const std::uint8_t> wanted, std::size_t limit);
  /// All values up to rank `limit` of the last call and some beyond, by rank; those between two
  /// marked ones are in any order.
  std::span<const Entry> order() const { return entries_; }

 private:
  std::size_t count(std::span<const float> values, std::size_t limit);
  void collect(std::span<const float> values, std::size_t last);

  std::vector<std::uint16_t> buckets_;  // of each value
  std::vector<std::uint32_t> begins_;   // of each bucket, in `entries_`
  std::vector<Entry> entries_;          // of the buckets that matter, bucket by bucket
  std::vector<std::uint32_t> ranks_;
};

}  // namespace alike::measure
