#include "alike/index/combined_row.h"

#include <cmath>

#include "alike/base/error.h"

namespace alike::index {
namespace {

/// The weight of an example against beside one for: most right among the 10 nearest, and relatives
/// are still above the relevance line (docs/relevance.md, "Examples against").
constexpr double kAgainst = 0.3;
/// A sum of unit rows shorter than this is only the rounding of examples that cancel out.
constexpr double kNothingLeft = 1e-5;

double length_of(std::span<const float> row) {
  double square = 0;
  for (const double value : row) square += value * value;
  return std::sqrt(square);
}

/// The mean of the rows at unit length; zeros where there are none.
std::vector<double> mean_direction(std::span<const std::vector<float>> rows, std::size_t width) {
  std::vector<double> mean(width);
  for (const auto& row : rows) {
    const double length = length_of(row);
    const double scale = length > 0 ? 1 / length / static_cast<double>(rows.size()) : 0;
    for (std::size_t i = 0; i < width; ++i) mean[i] += scale * static_cast<double>(row[i]);
  }
  return mean;
}

}  // namespace

std::vector<float> combined_row(std::span<const std::vector<float>> wanted,
                                std::span<const std::vector<float>> unwanted) {
  const std::size_t width = wanted.front().size();
  const auto near = mean_direction(wanted, width), far = mean_direction(unwanted, width);
  std::vector<float> row(width), difference(width);
  for (std::size_t i = 0; i < width; ++i) {
    row[i] = static_cast<float>(near[i] - kAgainst * far[i]);
    difference[i] = static_cast<float>(near[i] - far[i]);
  }
  const double length = length_of(row);
  if (length < kNothingLeft || length_of(difference) < kNothingLeft) {
    throw Error(ErrorCode::invalid_argument,
                "the examples cancel out: one for is also one against; leave one of them out");
  }
  double usual = 0;
  for (const auto& each : wanted) usual += length_of(each) / static_cast<double>(wanted.size());
  for (float& value : row) value = static_cast<float>(usual / length * static_cast<double>(value));
  return row;
}

}  // namespace alike::index
