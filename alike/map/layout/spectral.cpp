#include "alike/map/layout/spectral.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "alike/base/random.h"
#include "alike/map/layout/components.h"
#include "alike/map/layout/laplacian_vectors.h"

namespace alike::map {
namespace {

constexpr float kWidth = 10;
constexpr float kJitter = 2e-4F;
constexpr float kMargin = 1.3F;  // a component's room beside its radius
// A turn by the golden angle, after which points on a spiral lie evenly.
constexpr float kTurnX = -0.73736888F, kTurnY = 0.67549029F;

/// Points within the circle of radius 1 about 0.
Matrix laid_out(const FuzzyGraph& part, std::uint64_t seed, int threads, const Watcher& watcher,
                SpectralStart& start) {
  Matrix points(part.rows(), 2);
  if (part.rows() == 2) points.row(0)[0] = 1;
  if (part.rows() >= 3) {
    LaplacianVectors found = laplacian_vectors(part, seed, threads, watcher);
    start.finished &= found.finished;
    start.products += found.products;
    points = std::move(found.vectors);
  }
  for (std::size_t axis = 0; axis < 2; ++axis) {
    float most = 0;
    for (std::size_t row = 0; row < points.rows(); ++row) {
      most = std::max(most, std::abs(points.row(row)[axis]));
    }
    for (std::size_t row = 0; row < points.rows() && most > 0; ++row) {
      points.row(row)[axis] /= most * std::sqrt(2.0F);
    }
  }
  return points;
}

/// Where components go: a spiral on which each has room by its size.
class Spiral {
 public:
  struct Room {
    float x = 0, y = 0;
    float radius = 0;
  };

  Room next(std::size_t size) {
    const float radius = std::sqrt(static_cast<float>(size)), outer = kMargin * radius;
    Room room{0, 0, radius};
    if (area_ > 0) {
      const float away = std::max(std::sqrt(area_ + outer * outer / 2), first_ + outer);
      room.x = x_ * away;
      room.y = y_ * away;
      const float turned = x_ * kTurnX - y_ * kTurnY;
      y_ = x_ * kTurnY + y_ * kTurnX;
      x_ = turned;
    } else {
      first_ = outer;
    }
    area_ += 2 * outer * outer;
    return room;
  }

 private:
  float x_ = 1, y_ = 0;  // direction of the next one
  float area_ = 0;       // taken, in squared radii
  float first_ = 0;      // radius of the one in the middle
};

}  // namespace

Matrix spread_start(MatrixView points, std::uint64_t seed) {
  Matrix spread(points.rows, 2);
  for (std::size_t axis = 0; axis < 2 && points.rows > 0; ++axis) {
    float low = points.row(0)[axis], high = low;
    for (std::size_t row = 0; row < points.rows; ++row) {
      low = std::min(low, points.row(row)[axis]);
      high = std::max(high, points.row(row)[axis]);
    }
    for (std::size_t row = 0; row < points.rows; ++row) {
      const float share = high > low ? (points.row(row)[axis] - low) / (high - low) : 0.5F;
      const std::uint64_t bits = random_bits(seed, 2 * row + axis);
      const float jitter = static_cast<float>(bits >> 40) * 0x1.0p-24F - 0.5F;
      spread.row(row)[axis] = kWidth * share + 2 * kJitter * jitter;
    }
  }
  return spread;
}

SpectralStart spectral_start(const FuzzyGraph& graph, std::uint64_t seed, int threads,
                             const Watcher& watcher) {
  const Components components = components_of(graph);
  SpectralStart start;
  start.components = components.rows.size();
  Matrix points(graph.rows(), 2);
  Spiral spiral;
  for (std::size_t c = 0; c < start.components; ++c) {
    const auto& rows = components.rows[c];
    const Spiral::Room room = spiral.next(rows.size());
    const Matrix part = start.components == 1 ? laid_out(graph, seed, threads, watcher, start)
                                              : laid_out(part_of(graph, components, c), seed,
                                                         threads, watcher, start);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      points.row(rows[i])[0] = room.x + room.radius * part.row(i)[0];
      points.row(rows[i])[1] = room.y + room.radius * part.row(i)[1];
    }
  }
  start.points = spread_start(points, seed);
  return start;
}

}  // namespace alike::map
