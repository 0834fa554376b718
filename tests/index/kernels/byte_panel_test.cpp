#include "alike/index/kernels/byte_panel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "alike/base/random.h"
#include "alike/index/kernels/kernels.h"
#include "alike/index/rows/aligned.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

const BytePanel& panel_or_skip() {
  static const BytePanel none{};
  return byte_panel() == nullptr ? none : *byte_panel();
}

#define SKIP_WITHOUT_BYTES() \
  if (byte_panel() == nullptr) GTEST_SKIP() << "this level multiplies floats instead"

TEST(BytePanel, multiplies_exactly_at_every_width_and_row_count) {
  SKIP_WITHOUT_BYTES();
  constexpr std::size_t kMostRows = 19;
  for (const std::size_t stride : {4U, 8U, 60U, 64U, 132U, 1300U}) {
    AlignedBytes panel(stride * kPanelQueries);
    std::vector<std::int8_t> rows(kMostRows * stride);
    for (std::size_t i = 0; i < panel.size(); ++i) {
      panel[i] = static_cast<std::uint8_t>(random_bits(1, i));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = static_cast<std::int8_t>(static_cast<int>(random_bits(2, i) % 255) - 127);
    }
    for (const std::size_t count : {0U, 1U, 7U, 8U, 19U}) {
      std::vector<std::int32_t> out(count * kPanelQueries + 1, 77);
      panel_or_skip().dot(panel.data(), rows.data(), count, stride, out.data());
      ASSERT_EQ(out.back(), 77) << "wrote beyond the end";
      for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t q = 0; q < kPanelQueries; ++q) {
          std::int64_t sum = 0;
          for (std::size_t i = 0; i < stride; ++i) {
            sum +=
                std::int64_t{panel[(i / 4 * kPanelQueries + q) * 4 + i % 4]} * rows[r * stride + i];
          }
          ASSERT_EQ(out[r * kPanelQueries + q], sum)
              << stride << " bytes, row " << r << ", query " << q;
        }
      }
    }
  }
}

TEST(BytePanel, does_not_overflow_on_the_widest_rows) {
  SKIP_WITHOUT_BYTES();
  constexpr std::size_t kStride = 65536;
  const AlignedBytes panel(kStride * kPanelQueries, 255);
  for (const int value : {-127, 127}) {
    const std::vector<std::int8_t> row(kStride, static_cast<std::int8_t>(value));
    std::vector<std::int32_t> out(kPanelQueries);
    panel_or_skip().dot(panel.data(), row.data(), 1, kStride, out.data());
    EXPECT_EQ(out.front(), 255 * value * 65536);
  }
}

TEST(BytePanel, tells_what_bytes_leave_out_of_a_row) {
  SKIP_WITHOUT_BYTES();
  for (std::size_t width = 1; width <= 100; ++width) {
    for (const float size : {1e-12F, 1.0F, 1e12F}) {
      Matrix row = test::random_matrix(1, width, width);
      for (float& value : row.row(0)) value *= size;
      std::vector<std::int8_t> bytes(width + 1, 55);
      const ByteRow of = panel_or_skip().bytes_of(row.data(), width, bytes.data());
      ASSERT_EQ(bytes.back(), 55) << "wrote beyond the end";
      double norm = 0, error = 0;
      int sum = 0;
      for (std::size_t i = 0; i < width; ++i) {
        const double left = row.data()[i] - double{of.unit} * bytes[i];
        EXPECT_LE(std::abs(left), 0.5001 * of.unit);
        norm += double{row.data()[i]} * row.data()[i];
        error += left * left;
        sum += bytes[i];
      }
      EXPECT_NEAR(of.norm, norm, 1e-5 * norm);
      EXPECT_NEAR(of.error, error, 1e-5 * error);
      EXPECT_EQ(of.sum, sum);
    }
  }
}

TEST(BytePanel, says_nothing_of_numbers_that_bytes_cannot_hold) {
  SKIP_WITHOUT_BYTES();
  std::vector<std::int8_t> bytes(3);
  for (const float bad :
       {1e-30F, 1e30F, std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::denorm_min()}) {
    const float row[3] = {0, bad, 0};
    const ByteRow of = panel_or_skip().bytes_of(row, 3, bytes.data());
    EXPECT_EQ(of.unit, 0);
    EXPECT_TRUE(std::isnan(of.error)) << bad;
  }
  const float zeros[3] = {};
  const ByteRow of = panel_or_skip().bytes_of(zeros, 3, bytes.data());
  EXPECT_EQ(of.error, 0);
  EXPECT_EQ(of.unit, 0);
}

}  // namespace
}  // namespace alike::index
