#include "alike/measure/geometry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::measure {
namespace {

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) *
         std::cos(2 * std::numbers::pi * random.uniform());
}

/// Gaussian rows in the first `used` numbers.
Matrix gaussian(std::size_t rows, std::size_t width, std::size_t used, std::uint64_t seed) {
  Random random(seed);
  Matrix all(rows, width);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < used; ++j) all.row(r)[j] = static_cast<float>(normal(random));
  }
  return all;
}

double value(const Geometry& geometry, const std::string& name) {
  for (const Measure& measure : geometry.measures) {
    if (measure.name == name) return measure.value;
  }
  ADD_FAILURE() << "no measure " << name;
  return 0;
}

TEST(Geometry, of_gaussian_rows_is_known) {
  const Matrix rows = gaussian(3000, 20, 20, 1);
  const Geometry found = measure_geometry(rows, {}, {.threads = 2});
  EXPECT_NEAR(value(found, "rankme"), 20, 0.1);
  EXPECT_NEAR(value(found, "anisotropy"), 0, 0.01);
  // E exp(-4 (1 - c)) for the cosine c of even directions, by its first terms.
  EXPECT_NEAR(value(found, "uniformity"), -4 + 8.0 / 20, 0.05);
  EXPECT_TRUE(found.warnings.empty());
}

TEST(Geometry, tells_the_dimension_of_a_sheet_in_a_wide_space) {
  for (const std::size_t used : {2U, 5U}) {
    Random random(used);
    Matrix rows(4000, 30);
    for (std::size_t r = 0; r < 4000; ++r) {
      for (std::size_t j = 0; j < used; ++j) rows.row(r)[j] = static_cast<float>(random.uniform());
    }
    const Geometry found = measure_geometry(rows, {}, {.metric = index::Metric::l2});
    const auto dimension = static_cast<double>(used);
    EXPECT_NEAR(value(found, "intrinsic dimension"), dimension, 0.15 * dimension);
    EXPECT_NEAR(value(found, "rankme"), dimension, 0.6 * dimension);
    ASSERT_FALSE(found.warnings.empty());
    EXPECT_NE(found.warnings[0].find(std::to_string(30 - used) + " of 30"), std::string::npos);
  }
}

TEST(Geometry, has_hubs_in_many_dimensions_and_none_in_few) {
  const GeometryOptions how{.metric = index::Metric::l2};
  const Geometry few = measure_geometry(gaussian(2000, 3, 3, 1), {}, how);
  const Geometry many = measure_geometry(gaussian(2000, 200, 200, 1), {}, how);
  EXPECT_LT(value(few, "hubness"), 0.8);
  EXPECT_GT(value(many, "hubness"), 1.2);
  EXPECT_GT(value(many, "orphans"), value(few, "orphans"));
}

TEST(Geometry, sees_classes_that_lie_together) {
  Matrix rows = gaussian(1000, 10, 10, 2);
  std::vector<int> labels(1000);
  for (std::size_t r = 0; r < 1000; ++r) {
    labels[r] = static_cast<int>(r % 5);
    rows.row(r)[r % 5] += 8;
  }
  const Geometry found = measure_geometry(rows, labels, {});
  EXPECT_LT(value(found, "class ratio"), 0.6);
  EXPECT_LT(value(found, "alignment"), 0.7);
  std::vector<int> shuffled(1000);
  for (std::size_t r = 0; r < 1000; ++r) shuffled[r] = static_cast<int>(r / 200);
  EXPECT_NEAR(value(measure_geometry(rows, shuffled, {}), "class ratio"), 1, 0.03);
}

TEST(Geometry, is_finite_for_collapsed_rows_and_says_so) {
  const Geometry zeros = measure_geometry(Matrix(50, 8), {}, {});
  for (const Measure& measure : zeros.measures) EXPECT_TRUE(std::isfinite(measure.value));
  EXPECT_GE(zeros.warnings.size(), 3U);
  Matrix line = gaussian(100, 1, 1, 3), rows(100, 40);
  for (std::size_t r = 0; r < 100; ++r) {
    for (float& each : rows.row(r)) each = line.row(r)[0];
  }
  const Geometry one = measure_geometry(rows, {}, {});
  EXPECT_NEAR(value(one, "rankme"), 1, 0.01);
  EXPECT_FALSE(one.warnings.empty());
}

TEST(Geometry, is_the_same_for_any_number_of_threads) {
  const Matrix rows = gaussian(700, 12, 12, 4);
  const Geometry one = measure_geometry(rows, {}, {.threads = 1}),
                 three = measure_geometry(rows, {}, {.threads = 3});
  for (std::size_t m = 0; m < one.measures.size(); ++m) {
    EXPECT_EQ(one.measures[m].value, three.measures[m].value) << one.measures[m].name;
  }
}

TEST(Geometry, refuses_what_it_cannot_measure) {
  Matrix rows = gaussian(10, 4, 4, 5);
  EXPECT_THROW(measure_geometry(gaussian(2, 4, 4, 5), {}, {}), Error);
  EXPECT_THROW(measure_geometry(rows, std::vector<int>(9, 0), {}), Error);
  rows.row(4)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(measure_geometry(rows, {}, {}), Error);
}

}  // namespace
}  // namespace alike::measure
