#include "alike/base/math/exponential.h"

#include <gtest/gtest.h>

#include <cmath>

namespace alike {
namespace {

TEST(Exponential, is_near_that_of_the_library) {
  for (double x = -700; x <= 700; x += 0.37) {
    EXPECT_NEAR(exponential(x) / std::exp(x), 1, 2e-15) << x;
  }
  EXPECT_EQ(exponential(0), 1);
  EXPECT_EQ(exponential(-1e9), 0);
  EXPECT_TRUE(std::isfinite(exponential(1e9)));
}

TEST(Logarithm, is_near_that_of_the_library) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    EXPECT_NEAR(logarithm(x), std::log(x), 2e-15 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
  EXPECT_EQ(logarithm(1), 0);
}

TEST(Power, of_zero_is_zero) {
  EXPECT_EQ(power(0, 0.5), 0);
  EXPECT_NEAR(power(7, 1.7), std::pow(7, 1.7), 1e-13);
}

}  // namespace
}  // namespace alike
