// Rows drawn at random, the same for a seed everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "alike/base/matrix.h"
#include "alike/base/random.h"

namespace alike::test {

/// Rows of uneven length and mostly positive numbers.
inline Matrix random_matrix(std::size_t rows, std::size_t width, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(rows, width);
  for (std::size_t r = 0; r < rows; ++r) {
    const double length = 0.1 + 3 * random.uniform();
    for (float& value : matrix.row(r)) {
      value = static_cast<float>(length * (2 * random.uniform() - 0.7));
    }
  }
  return matrix;
}

/// Rows around `centers` points, as embeddings of pictures lie. The points are those of `seed`;
/// another `draw` gives other rows around them.
inline Matrix clustered_matrix(std::size_t rows, std::size_t width, std::uint64_t seed,
                               std::uint64_t draw, std::size_t centers = 30) {
  Random random(seed);
  Matrix points(centers, width);
  for (std::size_t i = 0; i < centers * width; ++i) {
    points.data()[i] = static_cast<float>(2 * random.uniform() - 0.7);
  }
  random = Random(draw + 1000 * seed);
  Matrix matrix(rows, width);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::span<const float> point = points.view().row(random.below(centers));
    for (std::size_t i = 0; i < width; ++i) {
      matrix.row(r)[i] = point[i] + static_cast<float>(random.uniform() - 0.5);
    }
  }
  return matrix;
}

}  // namespace alike::test
