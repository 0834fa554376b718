#include "alike/measure/placed_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace alike::measure {

Matrix unit_rows(MatrixView rows) {
  Matrix unit(rows.rows, rows.width);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    double square = 0;
    for (const float value : rows.row(r)) square += double{value} * double{value};
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    std::ranges::transform(rows.row(r), unit.row(r).begin(),
                           [&](float value) { return static_cast<float>(double{value} * scale); });
  }
  return unit;
}

Matrix centered_rows(MatrixView rows) {
  std::vector<double> mean(rows.width);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const auto row = rows.row(r);
    for (std::size_t j = 0; j < row.size(); ++j) {
      mean[j] += double{row[j]} / static_cast<double>(rows.rows);
    }
  }
  Matrix centered(rows.rows, rows.width);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const auto row = rows.row(r);
    for (std::size_t j = 0; j < row.size(); ++j) {
      centered.row(r)[j] = static_cast<float>(double{row[j]} - mean[j]);
    }
  }
  return centered;
}

}  // namespace alike::measure
