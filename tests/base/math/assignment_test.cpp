#include "alike/base/math/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike {
namespace {

/// The slow obvious twin: all orders of the columns.
double least_of_all(const std::vector<double>& cost, std::size_t n, std::size_t m) {
  std::vector<std::size_t> columns(m);
  std::iota(columns.begin(), columns.end(), 0U);
  double least = std::numeric_limits<double>::infinity();
  do {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += cost[i * m + columns[i]];
    least = std::min(least, sum);
  } while (std::next_permutation(columns.begin(), columns.end()));
  return least;
}

TEST(CheapestAssignment, IsTheLeastOfAllPermutations) {
  Random random(1);
  for (std::size_t m = 1; m <= 7; ++m) {
    for (std::size_t n = 1; n <= m; ++n) {
      for (const double steps : {3.0, 1e6}) {  // with and without ties
        std::vector<double> cost(n * m);
        for (auto& each : cost) each = std::floor(steps * random.uniform()) - 1;
        const auto found = cheapest_assignment(cost, n, m);
        double sum = 0;
        std::vector<int> taken(m);
        for (std::size_t i = 0; i < n; ++i) {
          sum += cost[i * m + found[i]];
          EXPECT_EQ(taken[found[i]]++, 0);
        }
        EXPECT_NEAR(sum, least_of_all(cost, n, m), 1e-9) << n << " of " << m;
      }
    }
  }
  EXPECT_THROW(cheapest_assignment({1, 2}, 2, 1), Error);
}

}  // namespace
}  // namespace alike
