#include "alike/measure/labels.h"

#include <algorithm>

#include "alike/base/error.h"

namespace alike::measure {

std::size_t class_count(std::span<const int> labels) {
  int most = -1;
  for (const int label : labels) most = std::max(most, label);
  return static_cast<std::size_t>(most) + 1;  // of -1: 0
}

std::vector<std::vector<std::uint32_t>> rows_by_class(std::span<const int> labels,
                                                      std::size_t classes) {
  std::vector<std::vector<std::uint32_t>> rows(classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    const auto label = static_cast<std::size_t>(labels[i]);
    if (label >= classes) {
      throw Error(ErrorCode::invalid_argument, "row " + std::to_string(i) + " has class " +
                                                   std::to_string(label) + "; there are " +
                                                   std::to_string(classes) + ", counted from 0");
    }
    rows[label].push_back(static_cast<std::uint32_t>(i));
  }
  return rows;
}

}  // namespace alike::measure
