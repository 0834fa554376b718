// Shared by all SIMD levels of UMAP: random keys, and the links sampled in an epoch by vertex.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "alike/base/random.h"
#include "alike/map/layout/umap_levels.h"

namespace alike::map {
namespace {  // each level has its own, made with its instructions

/// The key of the random numbers of a vertex.
inline std::uint32_t key_of(const UmapStep& step, std::size_t vertex) {
  const std::uint64_t bits =
      step.seeds != nullptr
          ? random_bits(step.seeds[vertex], step.turn)
          : random_bits(step.seed, std::uint64_t{step.turn} * step.count + vertex);
  return static_cast<std::uint32_t>(bits);
}

/// The events of one vertex.
struct Events {
  std::uint32_t vertex = 0;
  std::uint32_t count = 0;
  std::uint32_t key = 0;
  const std::uint32_t* targets = nullptr;
};

/// Lists the events of vertices [begin, end) in `due`, and the vertices by their number of events,
/// most first, so that those side by side take equally long. `keep_due(link, links, to)` appends
/// the due targets among `links` links and returns how many they are.
inline std::array<Events, kVertices> list_events(const UmapStep& step, std::size_t begin,
                                                 std::size_t end, std::uint32_t* due,
                                                 const auto& keep_due) {
  constexpr std::size_t kMostCounted = 63;
  std::array<Events, kVertices> listed, sorted;
  std::array<std::uint8_t, kMostCounted + 2> begins{};
  const auto place = [](const Events& events) {
    return kMostCounted - (events.count < kMostCounted ? events.count : kMostCounted);
  };
  for (std::size_t i = 0; i < end - begin; ++i) {
    const std::size_t vertex = begin + i;
    Events& events = listed[i];
    events.vertex = static_cast<std::uint32_t>(vertex);
    events.targets = due;
    events.key = key_of(step, vertex);
    events.count = keep_due(step.begins[vertex], step.begins[vertex + 1], due);
    due += events.count;
    ++begins[place(events) + 1];
  }
  for (std::size_t i = 1; i < begins.size(); ++i) {
    begins[i] = static_cast<std::uint8_t>(begins[i] + begins[i - 1]);
  }
  for (std::size_t i = 0; i < end - begin; ++i) sorted[begins[place(listed[i])]++] = listed[i];
  std::sort(sorted.begin(), sorted.begin() + begins[0],
            [](const Events& a, const Events& b) { return a.count > b.count; });
  return sorted;
}

}  // namespace
}  // namespace alike::map
