// A measure of the quality of a representation, item by item.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace alike::measure {

/// One measure of one space. Where it is a mean over rows (recall@1, the accuracy of a probe), the
/// value of each row is kept, so that intervals, classes and differences can be told from it in one
/// place (`interval.h`).
struct Measure {
  std::string name;                 ///< With its variant: "recall@1", "map@r", "nmi".
  double value = 0;                 ///< The mean of `values` where there are any; finite.
  std::vector<std::uint32_t> rows;  ///< The rows that count, ascending; empty: not of single rows.
  std::vector<double> values;       ///< One for each of `rows`, finite.
};

/// A measure that is the mean of `values`, one for each of `rows`; 0 where there are none.
inline Measure mean_of(std::string name, std::vector<std::uint32_t> rows,
                       std::vector<double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = values.empty() ? 0 : sum / static_cast<double>(values.size());
  return {std::move(name), mean, std::move(rows), std::move(values)};
}

}  // namespace alike::measure
