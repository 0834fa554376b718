#include "alike/measure/learners/binned_columns.h"

#include <algorithm>
#include <utility>

namespace alike::measure {

BinnedColumns::BinnedColumns(MatrixView rows, std::size_t most_bins)
    : rows_(rows.rows), most_bins_(most_bins), bin_of_(rows.rows * rows.width), first_{0} {
  for (std::size_t c = 0; c < rows.width; ++c) cut(rows, c);
}

void BinnedColumns::cut(MatrixView rows, std::size_t column) {
  std::vector<std::pair<float, std::size_t>> order(rows_);
  for (std::size_t i = 0; i < rows_; ++i) order[i] = {rows.row(i)[column], i};
  std::ranges::sort(order);
  std::size_t values = rows_ > 0 ? 1 : 0;
  for (std::size_t i = 1; i < rows_; ++i) values += order[i].first > order[i - 1].first ? 1U : 0U;
  const std::size_t begin = first_.back();
  for (std::size_t i = 0; i < rows_; ++i) {
    const bool is_other = i == 0 || order[i].first > order[i - 1].first;
    const std::size_t bins = low_.size() - begin;
    // A bin is left when as many rows are behind as so many bins should hold.
    const bool is_full = values <= most_bins_ || i * most_bins_ >= bins * rows_;
    if (is_other && is_full) {
      low_.push_back(order[i].first);
      high_.push_back(order[i].first);
    }
    high_.back() = order[i].first;
    bin_of_[column * rows_ + order[i].second] = static_cast<std::uint16_t>(low_.size() - begin - 1);
  }
  first_.push_back(low_.size());
}

}  // namespace alike::measure
