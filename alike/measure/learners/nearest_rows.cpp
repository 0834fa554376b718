#include "alike/measure/learners/nearest_rows.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/index/flat/flat.h"
#include "alike/measure/learners/matrix_source.h"

namespace alike::measure {
namespace {

constexpr std::size_t kQueries = 1024;  // answered at once

}  // namespace

Matrix rows_at(MatrixView rows, std::span<const std::uint32_t> places) {
  Matrix taken(places.size(), rows.width);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::ranges::copy(rows.row(places[i]), taken.row(i).begin());
  }
  return taken;
}

double mean_square(MatrixView rows, bool from_mean) {
  const auto count = static_cast<double>(rows.rows);
  std::vector<double> mean(rows.width);
  for (std::size_t r = 0; from_mean && r < rows.rows; ++r) {
    const auto row = rows.row(r);
    for (std::size_t j = 0; j < row.size(); ++j) mean[j] += double{row[j]} / count;
  }
  double sum = 0;
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const auto row = rows.row(r);
    for (std::size_t j = 0; j < row.size(); ++j) {
      sum += (double{row[j]} - mean[j]) * (double{row[j]} - mean[j]);
    }
  }
  return rows.rows > 0 ? sum / count : 0;
}

void check_finite(MatrixView rows, const char* what) {
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    if (std::ranges::all_of(row, [](float value) { return std::isfinite(value); })) continue;
    throw Error(ErrorCode::invalid_argument, "row " + std::to_string(i) + " of the " + what +
                                                 " holds NaN or infinity; leave it out or embed "
                                                 "its picture anew");
  }
}

void for_nearest(
    MatrixView queries, MatrixView gallery, const NearestOptions& options, const Watcher& watcher,
    const std::function<void(std::size_t query, std::span<const index::Neighbor>)>& take) {
  if (queries.width != gallery.width) {
    throw Error(ErrorCode::invalid_argument, "the queries have " + std::to_string(queries.width) +
                                                 " numbers a row, the gallery " +
                                                 std::to_string(gallery.width) +
                                                 "; they must be of one space");
  }
  if (options.k == 0) throw Error(ErrorCode::invalid_argument, "k is 0; it must be at least 1");
  check_finite(queries, "queries");
  check_finite(gallery, "gallery");
  const index::Flat flat(std::make_shared<MatrixSource>(gallery), options.metric);
  index::SearchOptions search;
  search.k = options.k;
  search.threads = options.threads;
  for (std::size_t begin = 0; begin < queries.rows; begin += kQueries) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped while searching for the nearest rows");
    }
    const std::size_t count = std::min(kQueries, queries.rows - begin);
    const auto found =
        flat.search_batch({queries.data + begin * queries.width, count, queries.width}, search);
    for (std::size_t q = 0; q < count; ++q) take(begin + q, found[q].neighbors);
    watcher.tell({begin + count, queries.rows, 0});
  }
}

}  // namespace alike::measure
