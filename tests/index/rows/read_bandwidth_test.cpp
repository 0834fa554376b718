#include "alike/index/rows/read_bandwidth.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

/// Counts the blocks that are read.
class CountedRows final : public RowSource {
 public:
  explicit CountedRows(const RowSource& source) : source_(source) {}
  std::size_t width() const override { return source_.width(); }
  std::size_t block_count() const override { return source_.block_count(); }
  std::size_t block_rows(std::size_t i) const override { return source_.block_rows(i); }
  RowBlock block(std::size_t i) const override {
    ++blocks_;
    return source_.block(i);
  }
  std::size_t blocks() const { return blocks_; }

 private:
  const RowSource& source_;
  mutable std::atomic<std::size_t> blocks_ = 0;
};

TEST(ReadBandwidth, reads_every_block_in_each_of_its_five_runs) {
  const test::MatrixRows rows(test::random_matrix(500, 70, 1), 61);
  for (const int threads : {1, 3}) {
    const CountedRows source(rows);
    read_bandwidth(source, threads);
    EXPECT_EQ(source.blocks(), 5 * rows.block_count());
  }
}

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
