// A random rotation that costs n log n instead of n².
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alike::index {

/// Rounds of random signs, Walsh-Hadamard transform and a butterfly between the halves (as in
/// RaBitQ, arXiv 2405.12497, and its library): keeps products and lengths, and spreads any row over
/// all numbers as a rotation drawn at random would. The same everywhere for a width and a seed.
class Rotation {
 public:
  Rotation(std::size_t width, std::uint64_t seed);

  /// Numbers that come out: `width` up to the next multiple of 64.
  std::size_t padded() const { return padded_; }
  /// Rotates `row` (padded), of which only the first `width` numbers may be other than 0, in place.
  void apply(std::span<float> row) const;

 private:
  std::size_t padded_;
  std::size_t power_;         // the largest power of two in padded_
  std::vector<float> signs_;  // (rounds, padded)
};

}  // namespace alike::index
