#include <algorithm>
#include <array>
#include <bit>

#include "alike/base/random.h"
#include "alike/map/layout/umap_events.h"
#include "alike/map/layout/umap_levels.h"

namespace alike::map {
namespace {

struct Point {
  float x, y;
};

Point point(const float* points, std::size_t vertex) {
  return {points[2 * vertex], points[2 * vertex + 1]};
}

float coefficient(const UmapStep& step, float squared, bool pull) {
  const std::int32_t bin = (std::bit_cast<std::int32_t>(squared) >> kBinShift) - kFirstBin;
  return step.coefficients[std::clamp(bin, 0, kBins - 1) + (pull ? kBins : 0)];
}

/// The order in which the vector twins add up.
float total(const std::array<float, kLanes>& v) {
  return ((v[0] + v[2]) + (v[4] + v[6])) + ((v[1] + v[3]) + (v[5] + v[7]));
}

/// Where the pull of `target` and the pushes of event number `event` lead from `at`.
Point after_event(const UmapStep& step, Point at, std::uint32_t target, std::uint32_t event,
                  std::uint32_t key) {
  std::array<float, kLanes> x{}, y{};
  for (std::uint32_t lane = 0; lane <= step.negatives; ++lane) {
    const std::uint32_t bits = mixed_bits(key + (8 * event + lane) * kLaneStep);
    const auto drawn = static_cast<std::uint32_t>((std::uint64_t{bits} * step.count) >> 32);
    const Point other = point(step.points, lane == 0 ? target : drawn);
    const float dx = at.x - other.x, dy = at.y - other.y;
    const float c = coefficient(step, dx * dx + dy * dy, lane == 0);
    const float most = lane == 0 ? kMostPull : kMostPush;
    x[lane] = std::clamp(c * dx, -most, most);
    y[lane] = std::clamp(c * dy, -most, most);
  }
  return {at.x + step.rate * total(x), at.y + step.rate * total(y)};
}

}  // namespace

void umap_scalar(const UmapStep& step, std::size_t begin, std::size_t end, std::uint32_t*) {
  for (std::size_t vertex = begin; vertex < end; ++vertex) {
    const std::uint32_t key = key_of(step, vertex);
    Point at = point(step.from, vertex);
    std::uint32_t event = 0;
    for (std::uint64_t i = step.begins[vertex]; i < step.begins[vertex + 1]; ++i) {
      if (step.turn * step.rates[i] >= step.rates[i]) continue;
      at = after_event(step, at, step.targets[i], event++, key);
    }
    step.moved[2 * vertex] = at.x;
    step.moved[2 * vertex + 1] = at.y;
  }
}

}  // namespace alike::map
