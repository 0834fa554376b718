// The one source of randomness: counter-based, so results do not depend on threads or order.
#pragma once

#include <cstdint>

namespace alike {

/// A well-mixed 64-bit number for (seed, counter); the same everywhere, always. SplitMix64
/// (Steele, Lea, Flood, OOPSLA 2014) applied to the counter.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15ULL * (counter + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// The 32 bits well mixed ("lowbias32", C. Wellons, nullprogram.com/blog/2018/07/31): numbers drawn
/// from key + counter · 0x9e3779b9 in vector registers, where 64 bits are dear.
constexpr std::uint32_t mixed_bits(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return x ^ (x >> 16);
}

/// A sequence drawn from `random_bits`. Not for use by several threads at once: give each its own
/// seed. Satisfies UniformRandomBitGenerator.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit Random(std::uint64_t seed) : seed_(seed) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return random_bits(seed_, counter_++); }

  /// Uniform in [0, n); `n` must be positive. The bias is below n / 2^64.
  std::uint64_t below(std::uint64_t n) {
    __extension__ using Wide = unsigned __int128;  // not ISO C++; both compilers have it
    return static_cast<std::uint64_t>((static_cast<Wide>((*this)()) * n) >> 64);
  }
  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

}  // namespace alike
