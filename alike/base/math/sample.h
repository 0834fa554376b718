// Some of many: evenly, evenly at random, or at random.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "alike/base/random.h"

namespace alike {

/// `count` of the places [0, n), or all of fewer: the first of each of `count` equal parts.
inline std::vector<std::uint32_t> even_places(std::size_t n, std::size_t count) {
  count = std::min(n, count);
  std::vector<std::uint32_t> places(count);
  for (std::size_t i = 0; i < count; ++i) places[i] = static_cast<std::uint32_t>(i * n / count);
  return places;
}

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

/// Puts `count` of `all`, drawn at random, in front (Fisher and Yates). `count` is at most its
/// size.
template <class Value>
void draw(std::vector<Value>& all, std::size_t count, Random& random) {
  for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + random.below(all.size() - i)]);
}

/// `count` of the places [0, n), or all of fewer, drawn at random; ascending.
inline std::vector<std::uint32_t> some_places(std::size_t n, std::size_t count,
                                              std::uint64_t seed) {
  std::vector<std::uint32_t> places(n);
  std::iota(places.begin(), places.end(), 0U);
  Random random(seed);
  count = std::min(count, n);
  draw(places, count, random);
  places.resize(count);
  std::ranges::sort(places);
  return places;
}

}  // namespace alike
