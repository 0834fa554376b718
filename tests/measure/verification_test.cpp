#include "alike/measure/verification.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "alike/base/error.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

double value(const Verification& found, const std::string& name) {
  for (const Measure& measure : found.measures) {
    if (measure.name == name) return measure.value;
  }
  ADD_FAILURE() << "no measure " << name;
  return 0;
}

/// One row for each score and one that all are compared with.
struct Case {
  Matrix rows{401, 1};
  std::vector<RowPair> pairs;
};

/// The numbers of reference_verification.py as inner products with row 0.
Case reference() {
  Case made;
  made.rows.row(0)[0] = 1;
  std::uint64_t state = 7;
  const auto drawn = [&](std::uint64_t below) {
    state = (1103515245 * state + 12345) % (std::uint64_t{1} << 31);
    return (state >> 16) % below;
  };
  for (std::uint32_t i = 1; i <= 400; ++i) {
    const bool same = drawn(2) == 1;
    made.rows.row(i)[0] = static_cast<float>(drawn(60) + (same ? 15 : 0));
    made.pairs.push_back({0, i, same});
  }
  return made;
}

TEST(Verification, is_that_of_scikit_learn) {
  const Case made = reference();
  const Verification found =
      verify(made.rows, made.pairs, {.metric = index::Metric::inner_product});
  // tests/measure/reference_verification.py, scikit-learn 1.9.1
  EXPECT_NEAR(value(found, "roc auc"), 0.741441824, 1e-6);
  EXPECT_NEAR(value(found, "eer"), 0.362720403, 1e-6);
  EXPECT_NEAR(value(found, "tar@far=0.1"), 0.345177665, 1e-6);
  EXPECT_NEAR(value(found, "tar@far=0.01"), 0.238578680, 1e-6);
  EXPECT_NEAR(value(found, "tar@far=0.001"), 0.223350254, 1e-6);
  EXPECT_NEAR(value(found, "verification accuracy"), 1 - value(found, "eer"), 0.06);
}

TEST(Verification, intervals_of_the_curve_are_as_wide_as_theory_has_them) {
  const Case made = reference();
  const VerificationOptions how{.metric = index::Metric::inner_product};
  const Verification found = verify(made.rows, made.pairs, how);
  ASSERT_EQ(found.intervals.size(), found.measures.size());
  for (std::size_t m = 0; m < found.measures.size(); ++m) {
    EXPECT_LE(found.intervals[m].low, found.measures[m].value) << found.measures[m].name;
    EXPECT_GE(found.intervals[m].high, found.measures[m].value) << found.measures[m].name;
  }
  // The standard error of an area (Hanley, McNeil 1982).
  const double a = found.measures.front().value, q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
  const auto same = static_cast<double>(std::ranges::count_if(made.pairs, &RowPair::same));
  const double other = static_cast<double>(made.pairs.size()) - same;
  const double error = std::sqrt(
      (a * (1 - a) + (same - 1) * (q1 - a * a) + (other - 1) * (q2 - a * a)) / (same * other));
  const Interval& interval = found.intervals.front();
  EXPECT_NEAR((interval.high - interval.low) / (2 * 1.96 * error), 1, 0.15);
  const Verification again = verify(made.rows, made.pairs, how);
  EXPECT_EQ(again.intervals.front().low, interval.low);
}

TEST(Verification, is_perfect_where_classes_lie_apart_and_chance_where_they_do_not) {
  Matrix rows = test::clustered_matrix(200, 10, 3, 1, 1);
  std::vector<int> labels(200);
  for (std::size_t i = 0; i < 200; ++i) labels[i] = static_cast<int>(i % 4);
  const auto pairs = draw_pairs(labels, 500, 1);
  EXPECT_NEAR(value(verify(rows, pairs, {}), "roc auc"), 0.5, 0.06);
  for (std::size_t i = 0; i < 200; ++i) rows.row(i)[i % 4] += 40;
  for (const auto metric : {index::Metric::cosine, index::Metric::l2}) {
    const Verification found = verify(rows, pairs, {.metric = metric});
    EXPECT_EQ(value(found, "roc auc"), 1);
    EXPECT_EQ(value(found, "eer"), 0);
    EXPECT_GT(value(found, "verification accuracy"), 0.99);
  }
}

TEST(Verification, draws_pairs_of_both_kinds_and_none_twice) {
  const std::vector<int> labels{0, 0, 0, 1, 1, -1, 2, 0, 1, 2};
  const auto pairs = draw_pairs(labels, 8, 3);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (const RowPair& pair : pairs) {
    EXPECT_EQ(pair.same, labels[pair.a] == labels[pair.b]);
    EXPECT_TRUE(labels[pair.a] >= 0 && labels[pair.b] >= 0 && pair.a != pair.b);
    EXPECT_TRUE(seen.emplace(std::min(pair.a, pair.b), std::max(pair.a, pair.b)).second);
  }
  EXPECT_EQ(std::ranges::count_if(pairs, &RowPair::same), 8);
  EXPECT_EQ(pairs.size(), 16U);
  EXPECT_TRUE(draw_pairs(std::vector<int>{1, -1}, 5, 1).empty());
  EXPECT_EQ(draw_pairs(std::vector<int>{1, 1}, 5, 1).size(), 1U);
}

TEST(Verification, refuses_pairs_that_say_nothing) {
  Matrix rows = test::random_matrix(4, 3, 1);
  const std::vector<RowPair> only_same{{0, 1, true}, {2, 3, true}},
      gone{{0, 9, true}, {1, 2, false}}, both{{0, 1, true}, {1, 2, false}};
  EXPECT_THROW(verify(rows, only_same, {}), Error);
  EXPECT_THROW(verify(rows, {}, {}), Error);
  EXPECT_THROW(verify(rows, gone, {}), Error);
  EXPECT_THROW(verify(rows, both, {.folds = 1}), Error);
  EXPECT_NO_THROW(verify(rows, both, {}));
  rows.row(1)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(verify(rows, both, {}), Error);
}

}  // namespace
}  // namespace alike::measure
