#include "alike/index/read_bandwidth.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

TEST(ReadBandwidth, is_a_number_above_zero_wherever_there_are_rows) {
  for (const int threads : {1, 3}) {
    for (const std::size_t rows : {1U, 500U}) {
      const test::MatrixRows source(test::random_matrix(rows, 70, 1), 61);
      const double bandwidth = read_bandwidth(source, threads);
      EXPECT_GT(bandwidth, 0);
      EXPECT_LT(bandwidth, std::numeric_limits<double>::infinity());
    }
  }
  EXPECT_EQ(read_bandwidth(test::MatrixRows(Matrix(0, 70), 61), 2), 0);
}

}  // namespace
}  // namespace alike::index
