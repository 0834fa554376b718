#include "alike/index/rows/row_of_id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

/// Reads every row.
std::vector<Node> slow_find(const RowSource& rows, const std::set<std::int64_t>& ids) {
  std::vector<Node> found;
  Node node = 0;
  for (std::size_t b = 0; b < rows.block_count(); ++b) {
    const RowBlock block = rows.block(b);
    for (std::size_t r = 0; r < block.rows; ++r, ++node) {
      if (block.dead != nullptr && block.dead[r] != 0) continue;
      if (ids.contains(block.ids[r])) found.push_back(node);
    }
  }
  return found;
}

void expect_found(const std::shared_ptr<test::MatrixRows>& rows, std::int64_t most) {
  const RowOfId places(rows);
  for (const std::uint64_t every : {1U, 3U, 50U, 900U}) {
    Random random(every);
    std::set<std::int64_t> ids = {-5, most + 5};
    for (std::int64_t id = 0; id <= most; ++id) {
      if (random.below(every) == 0) ids.insert(id);
    }
    auto found = places.find(std::vector<std::int64_t>(ids.begin(), ids.end()));
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, slow_find(*rows, ids));
  }
  EXPECT_TRUE(places.find({}).empty());
}

TEST(RowOfId, finds_rows_whose_ids_ascend_with_gaps) {
  const auto rows = std::make_shared<test::MatrixRows>(test::random_matrix(1000, 2, 1), 37);
  Random random(2);
  std::int64_t id = 0;
  for (auto& one : rows->ids()) one = id += 1 + static_cast<std::int64_t>(random.below(4));
  for (auto& one : rows->dead()) one = random.below(5) == 0 ? 1 : 0;
  expect_found(rows, id);
}

TEST(RowOfId, finds_rows_whose_ids_come_in_any_order_and_twice) {
  const auto rows = std::make_shared<test::MatrixRows>(test::random_matrix(1000, 2, 1), 37);
  Random random(3);
  for (auto& one : rows->ids()) one = static_cast<std::int64_t>(random.below(800));
  for (auto& one : rows->dead()) one = random.below(3) == 0 ? 1 : 0;
  expect_found(rows, 800);
}

TEST(RowOfId, counts_rows_over_all_blocks) {
  const auto rows = std::make_shared<test::MatrixRows>(test::random_matrix(100, 2, 1), 37);
  const RowOfId places(rows);
  EXPECT_EQ(places.first_of(2), 74U);
  EXPECT_EQ(places.place(36).block, 0U);
  EXPECT_EQ(places.place(37).block, 1U);
  EXPECT_EQ(places.place(99).row, 25U);
}

}  // namespace
}  // namespace alike::index
