// The columns of a matrix cut into bins: the candidates for splits of trees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"

namespace alike::measure {

/// Each column in bins of ascending values: one bin for each different value where these are no
/// more than `most_bins`, else so many bins of nearly equally many rows. Read by several threads at
/// once.
class BinnedColumns {
 public:
  static constexpr std::size_t kMostBins = 4096;

  /// All numbers must be finite. `most_bins` is 2 to kMostBins.
  explicit BinnedColumns(MatrixView rows, std::size_t most_bins = kMostBins);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return first_.size() - 1; }
  std::size_t bins(std::size_t column) const { return first_[column + 1] - first_[column]; }
  /// (rows) the bin of each row.
  std::span<const std::uint16_t> column(std::size_t column) const {
    return std::span(bin_of_).subspan(column * rows_, rows_);
  }
  /// The least and the largest value in a bin.
  float low(std::size_t column, std::size_t bin) const { return low_[first_[column] + bin]; }
  float high(std::size_t column, std::size_t bin) const { return high_[first_[column] + bin]; }

 private:
  void cut(MatrixView rows, std::size_t column);

  std::size_t rows_, most_bins_;
  std::vector<std::uint16_t> bin_of_;  // (columns, rows)
  std::vector<std::size_t> first_;     // (columns + 1) of `low_` and `high_`
  std::vector<float> low_, high_;
};

}  // namespace alike::measure
