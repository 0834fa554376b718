// Rows of known classes, for tests of measures.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/base/matrix.h"
#include "tests/support/random_matrix.h"

namespace alike::test {

/// Row i is of class i % classes.
inline std::vector<int> turns(std::size_t count, int classes) {
  std::vector<int> labels(count);
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<int>(i) % classes;
  return labels;
}

/// Rows at a unit vector a class, (labels, width), and `spread` of random numbers beside it.
inline Matrix apart(const std::vector<int>& labels, std::size_t width, double spread) {
  Matrix rows = random_matrix(labels.size(), width, 3);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (float& value : rows.row(i)) value *= static_cast<float>(spread);
    rows.row(i)[static_cast<std::size_t>(labels[i])] += 1;
  }
  return rows;
}

}  // namespace alike::test
