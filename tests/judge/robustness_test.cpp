#include "alike/judge/robustness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "alike/base/error.h"
#include "alike/measure/learners/nearest_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::judge {
namespace {

/// Places of `gallery` by distance to `row`, without `self`.
std::vector<std::uint32_t> sorted_others(const Matrix& gallery, std::span<const float> row,
                                         std::uint32_t self) {
  std::vector<std::pair<double, std::uint32_t>> order;
  for (std::uint32_t j = 0; j < gallery.rows(); ++j) {
    double distance = 0;
    for (std::size_t d = 0; d < row.size(); ++d) {
      distance += std::pow(double{row[d]} - double{gallery.row(j)[d]}, 2);
    }
    if (j != self) order.emplace_back(distance, j);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> places;
  for (const auto& [distance, place] : order) places.push_back(place);
  return places;
}

/// Rows, their classes, and every third of them damaged by noise of an amount.
struct Case {
  explicit Case(double noise) : gallery(test::clustered_matrix(300, 8, 1, 2, 6)) {
    Random random(5);
    for (std::uint32_t i = 0; i < 300; ++i) labels.push_back(static_cast<int>(i % 5) - 1);
    for (std::uint32_t i = 0; i < 300; i += 3) queries.push_back(i);
    damaged = measure::rows_at(gallery, queries);
    for (std::size_t i = 0; i < damaged.rows() * damaged.width(); ++i) {
      damaged.data()[i] += static_cast<float>(noise * (random.uniform() - 0.5));
    }
  }
  Matrix gallery, damaged;
  std::vector<int> labels;
  std::vector<std::uint32_t> queries;
};

TEST(Robustness, is_that_of_sorted_distances) {
  const Case made(0.8);
  const RobustnessOptions options{index::Metric::l2, 7, 3, 2};
  const RobustnessJudge judge(made.gallery, made.queries, made.labels, options);
  const Robustness result = judge.judge(made.damaged);
  ASSERT_EQ(result.kept.rows, made.queries);
  EXPECT_EQ(result.kept.name, "neighbours kept@7");
  std::size_t labeled = 0;
  for (std::size_t q = 0; q < made.queries.size(); ++q) {
    const std::uint32_t self = made.queries[q];
    auto before = sorted_others(made.gallery, made.gallery.row(self), self);
    const auto now = sorted_others(made.gallery, made.damaged.row(q), self);
    before.resize(7);
    const auto kept = std::count_if(now.begin(), now.begin() + 7, [&](std::uint32_t place) {
      return std::find(before.begin(), before.end(), place) != before.end();
    });
    EXPECT_DOUBLE_EQ(result.kept.values[q], static_cast<double>(kept) / 7);
    const auto to = [&](std::uint32_t place) {
      double sum = 0;
      for (std::size_t d = 0; d < 8; ++d) {
        sum += std::pow(double{made.damaged.row(q)[d]} - double{made.gallery.row(place)[d]}, 2);
      }
      return sum;
    };
    EXPECT_EQ(result.found.values[q], to(self) <= to(now[0]) ? 1 : 0);
    if (made.labels[self] < 0) continue;
    std::map<int, int> votes;
    for (std::size_t i = 0; i < 3; ++i) ++votes[made.labels[now[i]]];
    int winner = -1;
    for (std::size_t i = 0; i < 3; ++i) {
      const int label = made.labels[now[i]];
      if (label >= 0 && (winner < 0 || votes[label] > votes[winner])) winner = label;
    }
    EXPECT_EQ(result.accuracy.rows[labeled], self);
    EXPECT_EQ(result.accuracy.values[labeled++], winner == made.labels[self] ? 1 : 0);
  }
  EXPECT_EQ(labeled, result.accuracy.rows.size());
  EXPECT_GT(result.kept.value, 0.1);
  EXPECT_LT(result.kept.value, 0.9);
  EXPECT_LT(result.found.value, 1);
}

TEST(Robustness, of_undamaged_rows_is_whole) {
  const Case made(0);
  const RobustnessJudge judge(made.gallery, made.queries, {});
  for (const Robustness& result : {judge.clean(), judge.judge(made.damaged)}) {
    EXPECT_EQ(result.kept.value, 1);
    EXPECT_EQ(result.found.value, 1);
    EXPECT_TRUE(result.accuracy.rows.empty());
    EXPECT_EQ(result.accuracy.value, 0);
  }
}

TEST(Robustness, finds_the_original_among_equal_rows) {
  Matrix rows(30, 2);
  for (std::size_t i = 0; i < 30; ++i) rows.row(i)[0] = 1;
  const std::vector<std::uint32_t> queries{29};
  const RobustnessJudge judge(rows, queries, {}, {index::Metric::l2, 3, 1, 1});
  EXPECT_EQ(judge.clean().found.value, 1);
}

TEST(Robustness, goes_through_all_damage) {
  const Case made(0.8);
  const RobustnessJudge judge(made.gallery, made.queries, made.labels);
  std::size_t told = 0;
  Watcher watcher;
  watcher.report = [&](const Progress& progress) {
    told = progress.done;
    EXPECT_EQ(progress.total, 30U);
  };
  const auto results = judge_robustness(
      judge,
      [&](image::Corruption corruption, int) {
        return corruption == image::Corruption::blur ? measure::rows_at(made.gallery, made.queries)
                                                     : made.damaged;
      },
      watcher);
  ASSERT_EQ(results.size(), 30U);
  EXPECT_EQ(told, 30U);
  EXPECT_EQ(results[7].corruption, image::Corruption::blur);
  EXPECT_EQ(results[7].strength, 3);
  EXPECT_EQ(results[7].robustness.kept.value, 1);
  EXPECT_LT(results[0].robustness.kept.value, 1);
}

TEST(Robustness, refuses_what_does_not_fit) {
  const Case made(0);
  const auto judge = [&](std::vector<std::uint32_t> queries, std::vector<int> labels,
                         std::size_t k) {
    return RobustnessJudge(made.gallery, queries, labels, {index::Metric::l2, k, 1, 1});
  };
  EXPECT_THROW(judge({}, {}, 1), Error);
  EXPECT_THROW(judge({300}, {}, 1), Error);
  EXPECT_THROW(judge({2, 1}, {}, 1), Error);
  EXPECT_THROW(judge({1}, {0}, 1), Error);
  EXPECT_THROW(judge({1}, {}, 0), Error);
  EXPECT_THROW(judge({1}, {}, 1).judge(made.damaged), Error);
  EXPECT_THROW(RobustnessJudge({made.gallery.data(), 1, 8}, std::vector<std::uint32_t>{0}, {}),
               Error);
  Matrix bad(1, 8);
  bad.row(0)[3] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(judge({1}, {}, 1).judge(bad), Error);
  EXPECT_EQ(judge({1}, {}, 1000).clean().kept.value, 1);  // all others
}

}  // namespace
}  // namespace alike::judge
