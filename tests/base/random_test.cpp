#include "alike/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstddef>

namespace alike {
namespace {

TEST(Random, is_splitmix64) {
  // The published test vector for seed 1234567
  // (rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64).
  constexpr std::array<std::uint64_t, 5> kWanted{6457827717110365317U, 3203168211198807973U,
                                                 9817491932198370423U, 4593380528125082431U,
                                                 16408922859458223821U};
  Random random(1234567);
  for (std::size_t i = 0; i < kWanted.size(); ++i) {
    EXPECT_EQ(random_bits(1234567, i), kWanted.at(i));
    EXPECT_EQ(random(), kWanted.at(i));
  }
}

TEST(Random, mixed_bits_are_those_of_lowbias32) {
  // Its published inverse (nullprogram.com/blog/2018/07/31).
  const auto back = [](std::uint32_t x) {
    x = (x ^ (x >> 16)) * 0x43021123U;
    x = (x ^ (x >> 15) ^ (x >> 30)) * 0x1d69e2a5U;
    return x ^ (x >> 16);
  };
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random_bits(5, i));
    EXPECT_EQ(back(mixed_bits(bits)), bits);
  }
  EXPECT_EQ(mixed_bits(0), 0U);
}

TEST(Random, below_reaches_every_number_about_equally_often) {
  Random random(3);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);  // 5 standard deviations
  EXPECT_EQ(random.below(1), 0u);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(~0ULL), ~0ULL);
}

TEST(Random, uniform_is_in_0_to_1_with_mean_one_half) {
  Random random(4);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
}

TEST(Random, one_flipped_bit_of_the_counter_changes_half_of_the_bits) {
  double changed = 0;
  for (int bit = 0; bit < 64; ++bit) {
    changed += std::popcount(random_bits(9, 1000) ^ random_bits(9, 1000 ^ (1ULL << bit)));
  }
  EXPECT_NEAR(changed / 64, 32, 3);
}

}  // namespace
}  // namespace alike
