#include "alike/evaluate/assignment.h"

#include <limits>

namespace alike::evaluate {

std::vector<std::size_t> best_assignment(const std::vector<std::vector<double>>& gains) {
  const std::size_t rows = gains.size(), columns = rows > 0 ? gains.front().size() : 0;
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<double> of_row(rows), of_column(columns);  // potentials
  std::vector<std::size_t> owner(columns, kNone);
  for (std::size_t start = 0; start < rows; ++start) {
    // Grows a tree of rows and columns from `start` until it meets a free column.
    std::vector<double> slack(columns, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> from(columns, kNone);  // the column before, on the way from `start`
    std::vector<bool> met(columns, false);
    std::size_t row = start, column = kNone;
    for (;;) {
      std::size_t next = kNone;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t c = 0; c < columns; ++c) {
        if (met[c]) continue;
        const double cost = -gains[row][c] - of_row[row] - of_column[c];
        if (cost < slack[c]) slack[c] = cost, from[c] = column;
        if (slack[c] < least) least = slack[c], next = c;
      }
      of_row[start] += least;
      for (std::size_t c = 0; c < columns; ++c) {
        if (met[c]) {
          of_row[owner[c]] += least;
          of_column[c] -= least;
        } else {
          slack[c] -= least;
        }
      }
      met[next] = true;
      column = next;
      if (owner[column] == kNone) break;
      row = owner[column];
    }
    while (column != kNone) {
      const std::size_t before = from[column];
      owner[column] = before == kNone ? start : owner[before];
      column = before;
    }
  }
  std::vector<std::size_t> matched(rows);
  for (std::size_t c = 0; c < columns; ++c) {
    if (owner[c] != kNone) matched[owner[c]] = c;
  }
  return matched;
}

}  // namespace alike::evaluate
