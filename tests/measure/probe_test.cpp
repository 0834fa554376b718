#include "alike/measure/probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "tests/support/labelled_rows.h"

namespace alike::measure {
namespace {

/// Rows of `classes` classes whose first numbers tell the class, by `apart` of the spread of noise.
Matrix told_by(const std::vector<int>& labels, std::size_t width, double apart) {
  Random random(11);
  Matrix rows(labels.size(), width);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (float& value : rows.row(i)) {
      value = static_cast<float>(random.uniform() + random.uniform() - 1);
    }
    if (labels[i] >= 0)
      rows.row(i)[static_cast<std::size_t>(labels[i])] += static_cast<float>(apart);
  }
  return rows;
}

using test::turns;

TEST(Probe, tells_classes_that_lie_apart_and_guesses_others) {
  const auto labels = turns(1200, 4);
  const Split split = stratified_split(labels, 0.25, 1);
  const Probe clear = measure_probe(told_by(labels, 12, 3), labels, split, {.threads = 2});
  EXPECT_TRUE(clear.converged);
  EXPECT_GT(clear.accuracy.value, 0.99);
  EXPECT_EQ(clear.accuracy.rows, split.test);
  const Probe noise = measure_probe(told_by(labels, 12, 0), labels, split, {.threads = 2});
  EXPECT_NEAR(noise.accuracy.value, 0.25, 0.08);
}

/// What tells one of five classes is hidden in a small difference of two large numbers, which a
/// strong penalty does not let a probe use.
Matrix hidden(const std::vector<int>& labels) {
  Matrix rows = told_by(labels, 10, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      rows.row(i)[5 + j] = rows.row(i)[j] + 0.01F * rows.row(i)[5 + j];
      if (labels[i] == static_cast<int>(j)) rows.row(i)[j] += 0.02F;
    }
  }
  return rows;
}

/// What `places` are of `rows`.
std::vector<std::uint32_t> picked(const std::vector<std::uint32_t>& rows,
                                  const std::vector<std::uint32_t>& places) {
  std::vector<std::uint32_t> some;
  for (const std::uint32_t place : places) some.push_back(rows[place]);
  return some;
}

// That a probe of one strength is scikit-learn's is held by golden_test.cpp; these hold the rest to
// it.

TEST(Probe, takes_the_strength_that_tells_most_of_what_is_held_out) {
  const auto labels = turns(600, 5);
  const Split split = stratified_split(labels, 0.3, 1);
  std::vector<int> of_train;
  for (const std::uint32_t row : split.train) of_train.push_back(labels[row]);
  const Split inner = stratified_split(of_train, 0.2, 1);
  const Split held_out{picked(split.train, inner.train), picked(split.train, inner.test)};
  const Matrix rows = hidden(labels);
  double best = 0, most = -1;
  for (const double strength : {10.0, 1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5}) {
    const auto tried = measure_probe(rows, labels, held_out, {.strengths = {strength}});
    if (tried.accuracy.value <= most) continue;
    most = tried.accuracy.value;
    best = strength;
  }
  const Probe probe = measure_probe(rows, labels, split, {});
  EXPECT_EQ(probe.strength, best);
  EXPECT_EQ(probe.predicted, measure_probe(rows, labels, split, {.strengths = {best}}).predicted);
  // Of equal ones, the largest.
  EXPECT_EQ(measure_probe(told_by(labels, 10, 6), labels, split, {}).strength, 10);
}

TEST(Probe, of_few_rows_is_the_mean_of_probes_of_those_rows_alone) {
  const auto labels = turns(600, 5);
  const Matrix rows = hidden(labels);
  const Split split = stratified_split(labels, 0.3, 1);
  const Measure few = measure_few_shot(rows, labels, split, 60, 3, {.seed = 20});
  double sum = 0;
  for (const std::uint64_t seed : {20U, 21U, 22U}) {
    const Split one{few_of_each(split.train, labels, 60, seed), split.test};
    // C = 1 of scikit-learn: each of the 300 rows weighs as much as the penalty.
    sum += measure_probe(rows, labels, one, {.strengths = {1 / 300.0}}).accuracy.value / 3;
  }
  EXPECT_NEAR(few.value, sum, 0.01);
  EXPECT_EQ(few.rows, split.test);
}

TEST(Probe, tells_more_from_more_rows_of_each_class) {
  const auto labels = turns(1500, 5);
  const Matrix rows = told_by(labels, 30, 0.8);
  const Split split = stratified_split(labels, 0.4, 1);
  double before = 0.2;
  for (const std::size_t count : {1U, 5U, 25U, 150U}) {
    const Measure few = measure_few_shot(rows, labels, split, count, 3, {});
    EXPECT_GT(few.value, before) << count;
    before = few.value;
  }
  EXPECT_EQ(measure_few_shot(rows, labels, split, 5, 1, {}).name, "probe accuracy, 5 a class");
}

TEST(Probe, counts_test_rows_of_a_class_it_never_saw_as_wrong) {
  auto labels = turns(200, 2);
  Split split = stratified_split(labels, 0.5, 1);
  for (std::size_t i = 0; i < 10; ++i) labels[split.test[i]] = 7;
  const Probe probe = measure_probe(told_by(labels, 8, 3), labels, split, {});
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(probe.accuracy.values[i], 0);
}

TEST(Probe, uses_no_constant_columns) {
  const auto labels = turns(300, 3);
  Matrix rows = told_by(labels, 9, 3);
  for (std::size_t i = 0; i < 300; ++i) rows.row(i)[8] = 5;
  const Probe probe = measure_probe(rows, labels, stratified_split(labels, 0.3, 1), {});
  EXPECT_EQ(probe.constant, 1U);
  EXPECT_GT(probe.accuracy.value, 0.95);
}

TEST(Probe, refuses_what_it_cannot_learn_from) {
  const auto refused = [](const std::vector<int>& labels, const Split& split, Matrix rows) {
    try {
      measure_probe(rows, labels, split, {});
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  const auto labels = turns(40, 2);
  const Split split = stratified_split(labels, 0.5, 1);
  const Matrix rows = told_by(labels, 4, 1);
  EXPECT_FALSE(refused(labels, split, rows));
  const std::vector<int> one(40, 0);
  EXPECT_TRUE(refused(one, stratified_split(one, 0.5, 1), rows));
  EXPECT_TRUE(refused(turns(39, 2), split, rows));
  EXPECT_TRUE(refused(labels, {split.train, {}}, rows));
  Matrix bad = rows;
  bad.row(split.train[3])[1] = NAN;
  EXPECT_TRUE(refused(labels, split, bad));
  Matrix bad_test = rows;
  bad_test.row(split.test[3])[1] = INFINITY;
  EXPECT_TRUE(refused(labels, split, bad_test));
}

}  // namespace
}  // namespace alike::measure
