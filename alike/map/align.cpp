#include "alike/map/align.h"

#include <complex>
#include <string>

#include "alike/base/error.h"

namespace alike::map {
namespace {

using Point = std::complex<double>;

Point point(MatrixView points, std::size_t i) { return {points.row(i)[0], points.row(i)[1]}; }

Point mean(MatrixView points) {
  Point sum = 0;
  for (std::size_t i = 0; i < points.rows; ++i) sum += point(points, i);
  return points.rows > 0 ? sum / static_cast<double>(points.rows) : 0;
}

}  // namespace

void Similarity::apply(Matrix& points) const {
  for (std::size_t i = 0; i < points.rows(); ++i) {
    const auto row = points.row(i);
    const double x = row[0], y = row[1];
    row[0] = static_cast<float>(matrix[0] * x + matrix[1] * y + shift[0]);
    row[1] = static_cast<float>(matrix[2] * x + matrix[3] * y + shift[1]);
  }
}

Similarity align(MatrixView moving, MatrixView fixed) {
  if (moving.rows != fixed.rows || moving.width != 2 || fixed.width != 2) {
    throw Error(ErrorCode::invalid_argument,
                "maps of " + std::to_string(moving.rows) + " and " + std::to_string(fixed.rows) +
                    " points cannot be aligned; give the points that both have");
  }
  const Point from = mean(moving), to = mean(fixed);
  // In the plane a turn with a scale is one complex factor s: s m, or s m̄ with a reflection.
  Point turned = 0, reflected = 0;
  double squares = 0;
  for (std::size_t i = 0; i < moving.rows; ++i) {
    const Point m = point(moving, i) - from, f = point(fixed, i) - to;
    turned += std::conj(m) * f;
    reflected += m * f;
    squares += std::norm(m);
  }
  const bool reflect = std::norm(reflected) > std::norm(turned);
  Point s = reflect ? reflected : turned;
  s = squares > 0 && std::norm(s) > 0 ? s / squares : 1;
  Similarity made;
  const double sign = reflect ? -1 : 1;
  made.matrix = {s.real(), -sign * s.imag(), s.imag(), sign * s.real()};
  made.shift = {to.real() - made.matrix[0] * from.real() - made.matrix[1] * from.imag(),
                to.imag() - made.matrix[2] * from.real() - made.matrix[3] * from.imag()};
  return made;
}

}  // namespace alike::map
