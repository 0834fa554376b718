#include "alike/index/rows/sampled_rows.h"
#include "alike/index/flat/flat.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/matrix_rows.h"

namespace alike::index {
namespace {

std::shared_ptr<test::MatrixRows> numbered(std::size_t rows, std::size_t block_rows) {
  Matrix matrix(rows, 3);
  for (std::size_t r = 0; r < rows; ++r) matrix.row(r)[1] = static_cast<float>(r);
  return std::make_shared<test::MatrixRows>(std::move(matrix), block_rows);
}

TEST(SampledRows, spread_evenly_over_all_rows) {
  const auto source = numbered(10000, 50);
  const SampledRows sample(source, 256);
  ASSERT_EQ(sample.block_count(), 256U);
  EXPECT_EQ(sample.width(), 3U);
  std::int64_t before = -20;
  for (std::size_t i = 0; i < 256; ++i) {
    const RowBlock block = sample.block(i);
    ASSERT_EQ(block.rows, 1U);
    EXPECT_EQ(block.values[1], static_cast<float>(block.ids[0]));
    EXPECT_NEAR(static_cast<double>(block.ids[0] - before), 10000. / 256, 1.01);
    before = block.ids[0];
  }
}

TEST(SampledRows, hold_every_row_of_a_small_source_about_equally_often) {
  const SampledRows sample(numbered(100, 51), 256);
  std::vector<int> times(100);
  for (std::size_t i = 0; i < sample.block_count(); ++i) {
    ++times[static_cast<std::size_t>(sample.block(i).ids[0])];
  }
  for (const int n : times) EXPECT_TRUE(n == 2 || n == 3) << n;
}

TEST(SampledRows, leave_dead_rows_dead) {
  const auto source = numbered(64, 8);
  for (std::size_t r = 0; r < 64; r += 2) source->dead()[r] = 1;
  const auto all = Flat(std::make_shared<SampledRows>(source, 64), Metric::l2)
                       .search(std::vector<float>{0, 0, 0}, {.k = 100});
  EXPECT_EQ(all.neighbors.size(), 32U);
  for (const Neighbor& neighbor : all.neighbors) EXPECT_EQ(neighbor.id % 2, 1);
}

TEST(SampledRows, of_nothing_are_none) {
  const SampledRows sample(std::make_shared<test::MatrixRows>(Matrix(0, 3), 8), 256);
  EXPECT_EQ(sample.block_count(), 0U);
}

}  // namespace
}  // namespace alike::index
