#include "alike/measure/identification.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "tests/support/labelled_rows.h"

namespace alike::measure {
namespace {

using test::apart;
using test::turns;

TEST(Identification, knows_who_is_who_and_who_is_a_stranger_where_classes_lie_apart) {
  const auto labels = turns(200, 20);
  const auto found = measure_identification(apart(labels, 24, 0.03), labels, {.shots = 1});
  EXPECT_EQ(found.classes, 10U);
  EXPECT_EQ(found.strangers, 100U);
  ASSERT_EQ(found.measures.size(), 3U);
  EXPECT_EQ(found.measures[0].name, "identification, 1 a class");
  EXPECT_EQ(found.measures[2].name, "dir@far=0.01, 1 a class");
  for (const Measure& measure : found.measures) EXPECT_GT(measure.value, 0.99) << measure.name;
}

TEST(Identification, is_chance_where_rows_say_nothing) {
  const auto labels = turns(400, 20);
  const auto found =
      measure_identification(test::random_matrix(400, 16, 5), labels, {.shots = 1, .draws = 10});
  EXPECT_NEAR(found.measures[0].value, 0.1, 0.04);  // one of ten known classes
  // Accepted as often as unknown rows are, and then right by chance.
  EXPECT_NEAR(found.measures[1].value, 0.01, 0.012);
}

TEST(Identification, gains_by_more_rows_a_class_and_not_by_threads) {
  const auto labels = turns(600, 20);
  const Matrix rows = apart(labels, 24, 0.45);
  const auto one = measure_identification(rows, labels, {.shots = 1});
  const auto five = measure_identification(rows, labels, {.shots = 5});
  EXPECT_GT(five.measures[0].value, one.measures[0].value + 0.05);
  EXPECT_LE(one.measures[2].value, one.measures[1].value);  // fewer false alarms, fewer found
  EXPECT_LE(one.measures[1].value, one.measures[0].value);
  const auto two = measure_identification(rows, labels, {.shots = 1, .threads = 2});
  for (std::size_t m = 0; m < 3; ++m) EXPECT_EQ(one.measures[m].values, two.measures[m].values);
}

TEST(Identification, needs_four_classes_of_more_rows_than_are_enrolled) {
  const Matrix rows = test::random_matrix(30, 4, 1);
  EXPECT_THROW(measure_identification(rows, turns(30, 3), {}), Error);
  EXPECT_THROW(measure_identification(rows, turns(30, 6), {.shots = 5}), Error);
  EXPECT_THROW(measure_identification(rows, turns(20, 6), {}), Error);
  EXPECT_NO_THROW(measure_identification(rows, turns(30, 6), {.shots = 4}));
}

}  // namespace
}  // namespace alike::measure
