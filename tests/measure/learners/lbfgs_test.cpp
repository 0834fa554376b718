#include "alike/measure/learners/lbfgs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "alike/base/error.h"

namespace alike::measure {
namespace {

void leave(std::vector<double>&) {}

/// Σ aᵢ (xᵢ − i)² with a from 1 to 10⁴.
double bowl(std::span<const double> x, std::vector<double>& slope) {
  slope.assign(x.size(), 0);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = std::pow(10, 4 * static_cast<double>(i) / static_cast<double>(x.size() - 1));
    const double off = x[i] - static_cast<double>(i);
    sum += a * off * off;
    slope[i] = 2 * a * off;
  }
  return sum;
}

TEST(Lbfgs, finds_the_bottom_of_a_long_bowl) {
  const Minimum found = minimize(bowl, std::vector<double>(20), leave, {.tolerance = 1e-9});
  EXPECT_TRUE(found.converged);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(found.point[i], static_cast<double>(i), 1e-3);
}

TEST(Lbfgs, needs_few_steps_where_it_is_told_how_the_function_bends) {
  const Minimum alone = minimize(bowl, std::vector<double>(20), leave, {.tolerance = 1e-12});
  const auto bends = [](std::vector<double>& vector) {
    for (std::size_t i = 0; i < vector.size(); ++i) {
      vector[i] /= 2 * std::pow(10, 4 * static_cast<double>(i) / 19);
    }
  };
  const Minimum told = minimize(bowl, std::vector<double>(20), bends, {.tolerance = 1e-12});
  EXPECT_TRUE(told.converged);
  EXPECT_LE(told.evaluations, 6U);
  EXPECT_GT(alone.evaluations, 2 * told.evaluations);
}

TEST(Lbfgs, goes_down_a_bent_valley) {
  const auto valley = [](std::span<const double> x, std::vector<double>& slope) {
    const double a = x[1] - x[0] * x[0], b = 1 - x[0];
    slope = {-400 * a * x[0] - 2 * b, 200 * a};
    return 100 * a * a + b * b;
  };
  const Minimum found = minimize(valley, {-1.2, 1}, leave, {.tolerance = 1e-12});
  EXPECT_NEAR(found.point[0], 1, 1e-4);
  EXPECT_NEAR(found.point[1], 1, 1e-4);
}

TEST(Lbfgs, says_when_it_was_not_let_to_end) {
  const Minimum found = minimize(bowl, std::vector<double>(20), leave, {.most_evaluations = 5});
  EXPECT_FALSE(found.converged);
  EXPECT_GE(found.evaluations, 5U);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(minimize(bowl, std::vector<double>(20), leave, {}, {{}, source.get_token()}), Error);
}

}  // namespace
}  // namespace alike::measure
