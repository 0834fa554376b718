#include "alike/index/codes/rotation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "alike/base/random.h"

namespace alike::index {
namespace {

std::vector<float> rotated(const Rotation& rotation, std::size_t width, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> row(rotation.padded());
  for (std::size_t i = 0; i < width; ++i) row[i] = static_cast<float>(random.uniform() - 0.5);
  rotation.apply(row);
  return row;
}

TEST(Rotation, keeps_products_and_lengths) {
  for (const std::size_t width : {1U, 2U, 63U, 64U, 65U, 512U, 784U, 960U, 1280U}) {
    const Rotation rotation(width, 7);
    EXPECT_EQ(rotation.padded() % 64, 0U);
    EXPECT_LT(rotation.padded() - width, 64U);
    std::vector<float> a(rotation.padded()), b(rotation.padded());
    Random random(width);
    for (std::size_t i = 0; i < width; ++i) {
      a[i] = static_cast<float>(random.uniform() - 0.5);
      b[i] = static_cast<float>(random.uniform() - 0.5);
    }
    const double before = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    rotation.apply(a);
    rotation.apply(b);
    EXPECT_NEAR(std::inner_product(a.begin(), a.end(), b.begin(), 0.0), before,
                1e-5 * static_cast<double>(width));
  }
}

TEST(Rotation, spreads_any_single_number_over_all) {
  for (const std::size_t width : {64U, 576U, 784U, 960U, 1280U}) {
    const Rotation rotation(width, 3);
    for (std::size_t i = 0; i < width; i += 37) {
      std::vector<float> row(rotation.padded());
      row[i] = 1;
      rotation.apply(row);
      const double even = 1 / std::sqrt(static_cast<double>(rotation.padded()));
      double fourth = 0;
      for (const double value : row) fourth += std::pow(value / even, 4);
      fourth /= static_cast<double>(row.size());
      EXPECT_LT(fourth, 6) << width << ", " << i;  // 3 for a normal distribution
    }
  }
}

TEST(Rotation, is_the_same_for_a_seed_and_another_for_another) {
  EXPECT_EQ(rotated(Rotation(100, 1), 100, 5), rotated(Rotation(100, 1), 100, 5));
  EXPECT_NE(rotated(Rotation(100, 1), 100, 5), rotated(Rotation(100, 2), 100, 5));
}

}  // namespace
}  // namespace alike::index
