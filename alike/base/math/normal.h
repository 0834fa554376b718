// Random numbers that are close to normal.
#pragma once

#include <cstdint>

#include "alike/base/random.h"

namespace alike {

/// Mean 0, variance 1: the sum of twelve uniform numbers less 6, which needs no logarithm and is
/// the same on every machine.
inline double near_normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 3; ++i) {
    std::uint64_t bits = random();
    for (int j = 0; j < 4; ++j, bits >>= 16) {
      sum += (static_cast<double>(bits & 0xffff) + 0.5) / 65536;
    }
  }
  return sum;
}

}  // namespace alike
