#include "alike/measure/retrieval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/measure/ranks.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

TEST(Ranks, are_those_of_sorting) {
  Random random(1);
  Ranks ranks;
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 1 + random.below(500);
    std::vector<float> values(n);
    std::vector<std::uint8_t> wanted(n);
    for (std::size_t i = 0; i < n; ++i) {
      values[i] = round % 3 == 0 ? static_cast<float>(random.below(7))
                                 : static_cast<float>(std::exp(9 * random.uniform()) - 40);
      if (random.below(9) == 0) values[i] = std::numeric_limits<float>::infinity();
      wanted[i] = random.below(4) == 0 ? 1 : 0;
    }
    std::vector<std::uint32_t> order(n);
    for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return values[i]; });
    const std::size_t limit = round % 2 == 0 ? n : 1 + random.below(n);
    std::vector<std::uint32_t> near;
    for (std::uint32_t r = 0; r < n; ++r) {
      if (wanted[order[r]] != 0 && r < limit) near.push_back(r + 1);
    }
    const auto found = ranks.of(values, wanted, limit);
    ASSERT_GE(found.size(), near.size());
    EXPECT_TRUE(std::equal(near.begin(), near.end(), found.begin())) << round;
    EXPECT_TRUE(limit < n || found.size() == near.size());
  }
}

/// The slow obvious twin: sorted distances in doubles, one query at a time, self left out.
struct Twin {
  double recall = 0, precision = 0, r_precision = 0, map_at_r = 0, map = 0;
};

double distance(std::span<const float> a, std::span<const float> b, index::Metric metric) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += double{a[i]} * double{b[i]};
    aa += double{a[i]} * double{a[i]};
    bb += double{b[i]} * double{b[i]};
  }
  if (metric == index::Metric::inner_product) return -dot;
  return metric == index::Metric::l2 ? aa + bb - 2 * dot : 1 - dot / std::sqrt(aa * bb);
}

Twin twin(const Matrix& rows, const std::vector<int>& labels, std::size_t q, std::size_t k,
          index::Metric metric) {
  std::vector<std::pair<double, std::size_t>> order;
  std::size_t relevant = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    if (r == q || labels[r] < 0) continue;
    order.emplace_back(distance(rows.row(q), rows.row(r), metric), r);
    relevant += labels[r] == labels[q] ? 1U : 0U;
  }
  std::ranges::sort(order);
  Twin judged;
  double hits = 0;
  for (std::size_t rank = 1; rank <= order.size(); ++rank) {
    if (labels[order[rank - 1].second] != labels[q]) continue;
    ++hits;
    const double precision = hits / static_cast<double>(rank);
    if (rank <= k) judged.recall = 1;
    if (rank <= k) judged.precision += 1 / static_cast<double>(k);
    if (rank <= relevant) judged.r_precision += 1 / static_cast<double>(relevant);
    if (rank <= relevant) judged.map_at_r += precision / static_cast<double>(relevant);
    judged.map += precision / static_cast<double>(relevant);
  }
  return judged;
}

TEST(Retrieval, is_that_of_the_definitions) {
  const Matrix rows = test::clustered_matrix(180, 13, 3, 1, 20);
  Random random(4);
  std::vector<int> labels(180);
  for (int& label : labels) label = static_cast<int>(random.below(9)) - 1;
  for (const auto metric :
       {index::Metric::cosine, index::Metric::l2, index::Metric::inner_product}) {
    const Retrieval found =
        measure_retrieval(rows, labels, {.metric = metric, .cutoffs = {4}, .threads = 2});
    ASSERT_EQ(found.measures.size(), 5U);
    EXPECT_EQ(found.unlabeled + found.queries, 180U);
    for (std::size_t i = 0; i < found.queries; ++i) {
      const Twin wanted = twin(rows, labels, found.measures[0].rows[i], 4, metric);
      EXPECT_DOUBLE_EQ(found.measures[0].values[i], wanted.recall);
      EXPECT_DOUBLE_EQ(found.measures[1].values[i], wanted.precision);
      EXPECT_NEAR(found.measures[2].values[i], wanted.r_precision, 1e-12);
      EXPECT_NEAR(found.measures[3].values[i], wanted.map_at_r, 1e-12);
      EXPECT_NEAR(found.measures[4].values[i], wanted.map, 1e-12);
    }
    EXPECT_EQ(found.measures[3].name, "map@r");
  }
}

TEST(Retrieval, is_the_same_without_the_whole_list_and_for_any_number_of_threads) {
  const Matrix rows = test::clustered_matrix(500, 8, 3, 1, 20);
  std::vector<int> labels(500);
  for (std::size_t i = 0; i < 500; ++i) labels[i] = static_cast<int>(i * i % 11);
  const Retrieval whole = measure_retrieval(rows, labels, {.threads = 1});
  const Retrieval part = measure_retrieval(rows, labels, {.whole_list = false, .threads = 3});
  ASSERT_EQ(part.measures.size() + 1, whole.measures.size());
  for (std::size_t m = 0; m < part.measures.size(); ++m) {
    EXPECT_EQ(part.measures[m].values, whole.measures[m].values) << part.measures[m].name;
  }
}

TEST(Retrieval, of_queries_apart_finds_copies_of_them_first) {
  const Matrix rows = test::random_matrix(60, 6, 2);
  std::vector<int> labels(60);
  for (std::size_t i = 0; i < 60; ++i) labels[i] = static_cast<int>(i) % 30;
  const Retrieval found = measure_retrieval(rows, labels, rows, labels, {.cutoffs = {1}});
  EXPECT_EQ(found.measures[0].value, 1);  // each query is in the gallery, and of its own class
  EXPECT_GE(found.measures[3].value, 0.5);
}

TEST(Retrieval, leaves_lone_rows_out_and_says_how_many) {
  const Matrix rows = test::random_matrix(6, 3, 2);
  const Retrieval found = measure_retrieval(rows, std::vector<int>{0, 0, 1, 2, 2, -1}, {});
  EXPECT_EQ(found.queries, 4U);
  EXPECT_EQ(found.lone, 1U);
  EXPECT_EQ(found.unlabeled, 1U);
}

TEST(Retrieval, refuses_what_it_cannot_judge) {
  const auto code = [](const Matrix& rows, const std::vector<int>& labels,
                       const RetrievalOptions& options) {
    try {
      measure_retrieval(rows, labels, options);
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  const Matrix rows = test::random_matrix(4, 3, 2);
  EXPECT_TRUE(code(rows, {0, 1, 2, 3}, {}));
  EXPECT_TRUE(code(rows, {-1, -1, -1, -1}, {}));
  EXPECT_TRUE(code(rows, {0, 0, 1}, {}));
  EXPECT_TRUE(code(rows, {0, 0, 1, 1}, {.cutoffs = {0}}));
  Matrix bad = rows;
  bad.row(2)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(code(bad, {0, 0, 1, 1}, {}));
  EXPECT_FALSE(code(Matrix(4, 3), {0, 0, 1, 1}, {}));  // all zeros: equal, not wrong
}

}  // namespace
}  // namespace alike::measure
