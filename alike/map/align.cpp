#include "alike/map/align.h"

#include <complex>
#include <string>

#include "alike/base/error.h"

namespace alike::map {
namespace {

using Point = std::complex<double>;  // a factor turns and scales it, its conjugate mirrors it

Point point_of(MatrixView points, std::size_t i) {
  return {static_cast<double>(points.row(i)[0]), static_cast<double>(points.row(i)[1])};
}

void check(MatrixView points, MatrixView onto, std::span<const SharedPoint> shared) {
  if (points.width != 2 || onto.width != 2) {
    throw Error(ErrorCode::invalid_argument, "points have " + std::to_string(points.width) +
                                                 " and " + std::to_string(onto.width) +
                                                 " numbers each; those of maps have 2");
  }
  for (const SharedPoint& pair : shared) {
    if (pair.place < points.rows && pair.onto < onto.rows) continue;
    throw Error(ErrorCode::invalid_argument,
                "shared points " + std::to_string(pair.place) + " and " +
                    std::to_string(pair.onto) + " are not among the " +
                    std::to_string(points.rows) + " and " + std::to_string(onto.rows) + " there");
  }
}

struct Motion {
  bool mirrored = false;
  Point factor = 1, from, to;

  Point operator()(Point p) const { return factor * (mirrored ? conj(p - from) : p - from) + to; }
};

Motion motion_between(MatrixView points, MatrixView onto, std::span<const SharedPoint> shared) {
  Motion motion;
  if (shared.empty()) return motion;
  for (const SharedPoint& pair : shared) {
    motion.from += point_of(points, pair.place);
    motion.to += point_of(onto, pair.onto);
  }
  const auto count = static_cast<double>(shared.size());
  motion.from /= count;
  motion.to /= count;
  Point turned, mirrored;
  double square = 0;
  for (const SharedPoint& pair : shared) {
    const Point a = point_of(points, pair.place) - motion.from;
    const Point b = point_of(onto, pair.onto) - motion.to;
    turned += conj(a) * b;
    mirrored += a * b;
    square += norm(a);
  }
  // On a line both fit alike; rounding is not to decide.
  motion.mirrored = norm(mirrored) > norm(turned) * (1 + 1e-9);
  const Point factor = (motion.mirrored ? mirrored : turned) / square;
  if (square > 0 && norm(factor) > 0) motion.factor = factor;
  return motion;
}

}  // namespace

Matrix align(MatrixView points, MatrixView onto, std::span<const SharedPoint> shared) {
  check(points, onto, shared);
  const Motion motion = motion_between(points, onto, shared);
  Matrix moved(points.rows, 2);
  for (std::size_t i = 0; i < points.rows; ++i) {
    const Point p = motion(point_of(points, i));
    moved.row(i)[0] = static_cast<float>(p.real());
    moved.row(i)[1] = static_cast<float>(p.imag());
  }
  return moved;
}

}  // namespace alike::map
