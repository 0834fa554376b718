#include "alike/base/math/assignment.h"

#include <algorithm>
#include <limits>
#include <string>

#include "alike/base/error.h"

namespace alike {
namespace {

constexpr std::uint32_t kFree = 0xFFFFFFFF;

}  // namespace

std::vector<std::uint32_t> cheapest_assignment(const std::vector<double>& cost, std::size_t n,
                                               std::size_t m) {
  if (n > m || cost.size() != n * m) {
    throw Error(ErrorCode::invalid_argument, "an assignment of " + std::to_string(n) + " rows to " +
                                                 std::to_string(m) + " columns is not possible");
  }
  std::vector<double> row_price(n), price(m), way(m);
  std::vector<std::uint32_t> row_of(m, kFree), from(m), column_of(n, kFree);
  std::vector<char> done(m);
  for (std::uint32_t start = 0; start < n; ++start) {
    // Dijkstra's shortest way over reduced costs, from a free row to a free column.
    std::ranges::fill(way, std::numeric_limits<double>::infinity());
    std::ranges::fill(done, char{0});
    std::uint32_t row = start, last = kFree, sink = kFree;
    double length = 0;
    while (sink == kFree) {
      double nearest = std::numeric_limits<double>::infinity();
      std::uint32_t next = kFree;
      for (std::uint32_t j = 0; j < m; ++j) {
        if (done[j] != 0) continue;
        const double reduced = length + cost[row * m + j] - row_price[row] - price[j];
        if (reduced < way[j]) {
          way[j] = reduced;
          from[j] = last;
        }
        if (way[j] < nearest ||
            (way[j] == nearest && row_of[j] == kFree && row_of[next] != kFree)) {
          nearest = way[j];
          next = j;
        }
      }
      length = nearest;
      done[next] = 1;
      last = next;
      if (row_of[next] == kFree) {
        sink = next;
      } else {
        row = row_of[next];
      }
    }
    row_price[start] += length;
    for (std::uint32_t j = 0; j < m; ++j) {
      if (done[j] == 0) continue;
      price[j] -= length - way[j];
      if (j != sink) row_price[row_of[j]] += length - way[j];
    }
    for (auto j = sink; j != kFree; j = from[j]) {  // turn the way round
      row_of[j] = from[j] == kFree ? start : row_of[from[j]];
      column_of[row_of[j]] = j;
    }
  }
  return column_of;
}

}  // namespace alike
