// A measure of the quality of a representation, item by item.
#pragma once

#include <cstddef>
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
  /// Rows that move the values of others, ascending: those of a gallery, of train. By how much each
  /// moves their sum, as `variance_of` has it; empty where that is not known.
  std::vector<std::uint32_t> others{};
  std::vector<double> effects{};
  double drawn = 0;  ///< Variance of `value` by the rows that were drawn to learn from,
  std::size_t drawn_freedom = 0;  ///< and of how many draws beyond one it was estimated.
  double most = 1;                ///< The largest value of a row, above 0; the least is 0.
  double trials = 1;              ///< How many answers apart the value of a row is the mean of.
};

/// A measure that is the mean of `values`, one for each of `rows`; 0 where there are none.
inline Measure mean_of(std::string name, std::vector<std::uint32_t> rows,
                       std::vector<double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = values.empty() ? 0 : sum / static_cast<double>(values.size());
  Measure made;
  made.name = std::move(name);
  made.value = mean;
  made.rows = std::move(rows);
  made.values = std::move(values);
  return made;
}

}  // namespace alike::measure
