#include "alike/collection/store/segment.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::collection {
namespace {

struct Rows {
  std::vector<std::int64_t> ids;
  std::vector<float> values;
};

Rows make_rows(std::size_t rows, std::size_t width) {
  Rows made{std::vector<std::int64_t>(rows), std::vector<float>(rows * width)};
  std::iota(made.ids.begin(), made.ids.end(), 100);
  Random random(rows + width);
  for (auto& value : made.values) value = static_cast<float>(random.uniform());
  return made;
}

/// Whether any check finds something wrong with the segment.
bool found_damaged(const std::vector<std::byte>& segment) {
  for (std::uint64_t offset = 0; offset < segment.size();) {
    try {
      const Group group = read_group(segment, offset);
      if (damaged_block(segment, group, 0, group.payload_size) >= 0) return true;
      offset += group.size;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
      return true;
    }
  }
  return false;
}

TEST(Segment, gives_back_what_was_put_in) {
  for (const std::size_t width : {1U, 3U, 16U, 100U, 1280U, 62720U}) {
    for (const std::size_t rows : {1U, 2U, 7U}) {
      const Rows made = make_rows(rows, width);
      const auto bytes = make_group(made.ids, made.values);
      EXPECT_EQ(bytes.size() % 64, 0u);
      const Group group = read_group(bytes, 0);
      ASSERT_EQ(group.rows, rows);
      ASSERT_EQ(group.width, width);
      ASSERT_EQ(group.size, bytes.size());
      EXPECT_EQ(damaged_block(bytes, group, 0, group.payload_size), -1);
      EXPECT_TRUE(std::equal(made.ids.begin(), made.ids.end(), ids_of(bytes, group)));
      EXPECT_TRUE(std::equal(made.values.begin(), made.values.end(), values_of(bytes, group)));
    }
  }
}

TEST(Segment, every_flipped_bit_is_found) {
  const Rows made = make_rows(5, 33);
  const auto good = make_group(made.ids, made.values);
  ASSERT_FALSE(found_damaged(good));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bytes = good;
    bytes[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
    ASSERT_TRUE(found_damaged(bytes)) << "bit " << bit;
  }
}

TEST(Segment, every_truncation_is_found) {
  const Rows made = make_rows(3, 40);
  const auto good = make_group(made.ids, made.values);
  for (std::size_t size = 1; size < good.size(); ++size) {
    ASSERT_TRUE(found_damaged({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
}

TEST(Segment, a_flipped_bit_of_the_head_is_mended) {
  const Rows made = make_rows(9, 20);
  const auto good = make_group(made.ids, made.values);
  const Group group = read_group(good, 0);
  for (std::uint64_t bit = 0; bit < group.payload_offset * 8; bit += 3) {
    auto bytes = good;
    bytes[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
    ASSERT_TRUE(mend_head(bytes, 0)) << "bit " << bit;
    ASSERT_EQ(bytes, good);
  }
}

TEST(Segment, the_next_whole_group_is_found_behind_a_broken_one) {
  const Rows made = make_rows(4, 10);
  const auto one = make_group(made.ids, made.values);
  auto segment = one;
  segment.insert(segment.end(), one.begin(), one.end());
  segment[20] ^= std::byte{255};
  EXPECT_EQ(find_group(segment, 1), one.size());
  EXPECT_EQ(find_group(segment, one.size() + 1), segment.size());
}

TEST(Segment, rows_of_a_group_take_about_a_mebibyte) {
  EXPECT_EQ(rows_per_group(1280), 204u);
  EXPECT_EQ(rows_per_group(1 << 22), 1u);
}

}  // namespace
}  // namespace alike::collection
