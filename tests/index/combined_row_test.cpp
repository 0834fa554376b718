#include "alike/index/combined_row.h"

#include <gtest/gtest.h>

#include <cmath>

#include "alike/base/error.h"

namespace alike::index {
namespace {

using Rows = std::vector<std::vector<float>>;

TEST(CombinedRow, is_the_mean_direction_as_long_as_the_rows_are) {
  const auto row = combined_row(Rows{{2, 0}, {0, 4}}, {});
  EXPECT_NEAR(row[0], row[1], 1e-6);  // the longer one does not count more
  EXPECT_NEAR(std::hypot(row[0], row[1]), 3, 1e-5);
}

TEST(CombinedRow, turns_away_from_what_is_not_wanted_by_three_tenths) {
  const auto row = combined_row(Rows{{1, 0}}, Rows{{0, 5}});
  EXPECT_NEAR(row[1] / row[0], -0.3, 1e-6);
  EXPECT_NEAR(std::hypot(row[0], row[1]), 1, 1e-6);
}

TEST(CombinedRow, counts_rows_of_zeros_as_no_direction) {
  const auto row = combined_row(Rows{{1, 0}, {0, 0}}, {});
  EXPECT_NEAR(row[0], 0.5, 1e-6);  // half as long on average
  EXPECT_NEAR(row[1], 0, 1e-6);
}

TEST(CombinedRow, refuses_examples_that_cancel_out) {
  EXPECT_THROW(combined_row(Rows{{1, 0}}, Rows{{3, 0}}), Error);
  EXPECT_THROW(combined_row(Rows{{1, 0}, {-1, 0}}, {}), Error);
  EXPECT_THROW(combined_row(Rows{{0, 0}}, {}), Error);
}

}  // namespace
}  // namespace alike::index
