// Some of many, evenly and at random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/random.h"

namespace alike::map {

/// `count` of the places [0, n), one at random in each of `count` equal parts, ascending. `count`
/// is at most n.
inline std::vector<std::uint32_t> even_sample(std::size_t n, std::size_t count,
                                              std::uint64_t seed) {
  std::vector<std::uint32_t> places;
  places.reserve(count);
  Random random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * n / count, end = (i + 1) * n / count;
    places.push_back(static_cast<std::uint32_t>(begin + random.below(end - begin)));
  }
  return places;
}

}  // namespace alike::map
