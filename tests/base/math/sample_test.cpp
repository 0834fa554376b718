#include "alike/base/math/sample.h"

#include <gtest/gtest.h>

#include <set>

#include "alike/base/math/normal.h"

namespace alike {
namespace {

using Places = std::vector<std::uint32_t>;

TEST(Sample, of_even_places_is_the_first_of_each_part) {
  EXPECT_EQ(even_places(10, 3), (Places{0, 3, 6}));
  EXPECT_EQ(even_places(3, 10), (Places{0, 1, 2}));
  EXPECT_EQ(even_places(0, 10), Places{});
}

TEST(Sample, that_is_even_has_one_of_each_part) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto places = even_sample(103, 10, seed);
    ASSERT_EQ(places.size(), 10U);
    for (std::size_t i = 0; i < 10; ++i) {
      EXPECT_GE(places[i], i * 103 / 10);
      EXPECT_LT(places[i], (i + 1) * 103 / 10);
    }
  }
}

TEST(Sample, at_random_has_each_place_as_often_as_any_other) {
  std::vector<int> drawn(10);
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    const auto places = some_places(10, 3, seed);
    ASSERT_EQ(std::set<std::uint32_t>(places.begin(), places.end()).size(), 3U);
    for (const auto place : places) ++drawn[place];
  }
  for (const int times : drawn) EXPECT_NEAR(times, 3000, 5 * 46);  // five standard deviations
  EXPECT_EQ(some_places(3, 10, 1), (Places{0, 1, 2}));
}

TEST(NearNormal, has_the_moments_of_a_normal_distribution) {
  Random random(7);
  constexpr int kDraws = 200'000;
  double sum = 0, squares = 0, within = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = near_normal(random);
    sum += x;
    squares += x * x;
    within += x > -1 && x < 1 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.012);
  EXPECT_NEAR(squares / kDraws, 1, 0.016);
  EXPECT_NEAR(within / kDraws, 0.6827, 0.01);
}

}  // namespace
}  // namespace alike
