#include "alike/collection/store/mapped_rows.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

class MappedRowsTest : public testing::Test {
 protected:
  static constexpr const char* kFile = "vectors-0003.seg";
  static constexpr std::size_t kWidth = 700;
  static constexpr std::size_t kGroups = 3;
  static constexpr std::size_t kRows = 120;  // of a group; 336 kB, so more than one block

  MappedRowsTest() {
    std::string bytes;
    for (std::size_t g = 0; g < kGroups; ++g) {
      std::vector<std::int64_t> ids;
      std::vector<float> values;
      for (std::size_t i = 0; i < kRows; ++i) {
        ids.push_back(static_cast<std::int64_t>(g * kRows + i + 1000));
        for (std::size_t j = 0; j < kWidth; ++j) values.push_back(value(g * kRows + i, j));
      }
      const auto group = make_group(ids, values);
      bytes.append(reinterpret_cast<const char*>(group.data()), group.size());
    }
    replace_file(file(), bytes);
    size_ = bytes.size();
  }
  static float value(std::size_t row, std::size_t column) {
    return static_cast<float>(row * 1000 + column);
  }
  std::filesystem::path file() const { return folder_ / kFile; }
  std::vector<SegmentView> view(std::vector<std::uint64_t> dead = {}) const {
    return {{3, kFile, size_, std::move(dead)}};
  }

  test::TemporaryFolder folder_;
  std::uint64_t size_ = 0;
};

TEST_F(MappedRowsTest, blocks_give_all_rows_in_order_with_the_dead_marked) {
  const MappedRows rows(kWidth, view({0, 5, 200, 100'000}), folder_.path());
  EXPECT_GT(rows.block_count(), kGroups);
  std::size_t row = 0;
  for (std::size_t i = 0; i < rows.block_count(); ++i) {
    const auto block = rows.block(i);
    for (std::size_t k = 0; k < block.rows; ++k, ++row) {
      ASSERT_EQ(block.ids[k], static_cast<std::int64_t>(row + 1000));
      ASSERT_EQ(block.values[k * kWidth + 699], value(row, 699));
      ASSERT_NE(block.dead, nullptr);
      ASSERT_EQ(block.dead[k] != 0, row == 0 || row == 5 || row == 200);
    }
  }
  EXPECT_EQ(row, kGroups * kRows);
}

TEST_F(MappedRowsTest, a_row_is_given_only_for_its_own_item) {
  const MappedRows rows(kWidth, view(), folder_.path());
  EXPECT_EQ(rows.row(3, 150, 1150)[7], value(150, 7));
  EXPECT_EQ(test::outcome([&] { rows.row(3, 150, 1151); }), ErrorCode::corrupt);
  EXPECT_EQ(test::outcome([&] { rows.row(3, 360, 1360); }), ErrorCode::corrupt);
  EXPECT_EQ(test::outcome([&] { rows.row(4, 150, 1150); }), ErrorCode::corrupt);
}

TEST_F(MappedRowsTest, rows_beyond_what_the_catalog_counts_are_not_seen) {
  const std::uint64_t one = size_ / kGroups;
  const MappedRows rows(kWidth, {{3, kFile, one, {}}}, folder_.path());
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.block_count(); ++i) count += rows.block(i).rows;
  EXPECT_EQ(count, kRows);
}

TEST_F(MappedRowsTest, files_that_do_not_fit_are_refused) {
  EXPECT_EQ(test::outcome([&] { MappedRows(kWidth + 1, view(), folder_.path()); }),
            ErrorCode::corrupt);
  for (const std::size_t width : {std::size_t{0}, ~std::size_t{0}, std::size_t{1} << 62}) {
    EXPECT_EQ(test::outcome([&] { MappedRows(width, view(), folder_.path()); }),
              ErrorCode::corrupt);
  }
  EXPECT_EQ(test::outcome([&] {
              MappedRows(kWidth, {{3, kFile, size_ + 64, {}}}, folder_.path());
            }),
            ErrorCode::corrupt);
  EXPECT_EQ(test::outcome([&] {
              MappedRows(kWidth, {{3, kFile, size_ - 64, {}}}, folder_.path());
            }),
            ErrorCode::corrupt);
  EXPECT_EQ(test::outcome([&] {
              MappedRows(kWidth, {{3, "no", 64, {}}}, folder_.path());
            }),
            ErrorCode::not_found);
}

TEST_F(MappedRowsTest, a_flipped_bit_is_found_on_opening_or_by_every_reading_of_its_block) {
  const std::string whole = read_text(file());
  test::each_flip(whole, 60, [&](const std::string& bytes) {
    replace_file(file(), bytes);
    bool found = false;
    const auto opened = test::outcome([&] {
      const MappedRows rows(kWidth, view(), folder_.path());
      for (std::size_t i = 0; i < rows.block_count(); ++i) {
        const auto first = test::outcome([&] { rows.block(i); });
        EXPECT_EQ(test::outcome([&] { rows.block(i); }), first);
        found = found || first == ErrorCode::corrupt;
      }
    });
    EXPECT_TRUE(found || opened == ErrorCode::corrupt);
  });
}

TEST_F(MappedRowsTest, several_threads_may_read_at_once) {
  const MappedRows rows(kWidth, view(), folder_.path());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < rows.block_count(); ++i) EXPECT_GT(rows.block(i).rows, 0u);
    });
  }
}

}  // namespace
}  // namespace alike::collection
