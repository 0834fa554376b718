#include "alike/measure/knn.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

/// The mean squared distance of rows of train from their mean.
double spread(const Matrix& rows, const Split& split) {
  double sum = 0;
  const auto count = static_cast<double>(split.train.size());
  for (std::size_t i = 0; i < rows.width(); ++i) {
    double mean = 0, square = 0;
    for (const std::uint32_t row : split.train) mean += double{rows.row(row)[i]} / count;
    for (const std::uint32_t row : split.train) square += std::pow(rows.row(row)[i] - mean, 2);
    sum += square / count;
  }
  return sum;
}

/// The slow obvious twin.
int told(const Matrix& rows, const std::vector<int>& labels, const Split& split, std::size_t test,
         std::size_t k, bool weighted, bool l2) {
  std::vector<std::pair<double, std::uint32_t>> order;
  for (const std::uint32_t row : split.train) {
    double dot = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < rows.width(); ++i) {
      const double a = rows.row(test)[i], b = rows.row(row)[i];
      dot += a * b, aa += a * a, bb += b * b;
    }
    order.emplace_back(l2 ? (aa + bb - 2 * dot) / 2 : 1 - dot / std::sqrt(aa * bb), row);
  }
  std::ranges::sort(order);
  std::map<int, double> votes;
  const double temperature = 0.07 * (l2 ? spread(rows, split) : 1);
  for (std::size_t i = 0; i < k; ++i) {
    votes[labels[order[i].second]] +=
        weighted ? std::exp((order[0].first - order[i].first) / temperature) : 1;
  }
  int best = votes.begin()->first;
  for (const auto& [label, vote] : votes) best = vote > votes[best] ? label : best;
  return best;
}

TEST(Knn, votes_as_the_definitions_say) {
  const Matrix rows = test::clustered_matrix(300, 9, 3, 1, 12);
  Random random(4);
  std::vector<int> labels(300);
  for (int& label : labels) label = static_cast<int>(random.below(5));
  const Split split = stratified_split(labels, 0.3, 1);
  for (const auto metric : {index::Metric::cosine, index::Metric::l2}) {
    const Knn found = classify_by_neighbors(rows, labels, split,
                                            {.metric = metric, .k = {1, 7, 20, 900}, .threads = 2});
    ASSERT_EQ(found.votes.size(), 6U);
    EXPECT_EQ(found.left_out, std::vector<std::size_t>{900});
    for (const KnnVote& vote : found.votes) {
      for (std::size_t i = 0; i < split.test.size(); ++i) {
        EXPECT_EQ(vote.predicted[i], told(rows, labels, split, split.test[i], vote.k, vote.weighted,
                                          metric == index::Metric::l2))
            << vote.accuracy.name << " " << i;
      }
    }
    EXPECT_EQ(found.votes[3].accuracy.name, "knn-weighted@7");
  }
}

TEST(Knn, leaves_rows_without_a_label_out) {
  const Matrix rows = test::random_matrix(30, 4, 1);
  std::vector<int> labels(30, 1);
  labels[3] = labels[20] = -1;
  Split split;
  for (std::uint32_t i = 0; i < 30; ++i) (i < 15 ? split.train : split.test).push_back(i);
  const Knn found = classify_by_neighbors(rows, labels, split, {.k = {1}});
  EXPECT_EQ(found.unlabeled, 2U);
  EXPECT_EQ(found.votes[0].accuracy.values.size(), 14U);
  EXPECT_EQ(found.votes[0].accuracy.value, 1);
}

TEST(Knn, refuses_what_it_cannot_judge) {
  const Matrix rows = test::random_matrix(6, 4, 1);
  const std::vector<int> labels{0, 1, 0, 1, 0, 1};
  const auto refused = [&](const Split& split, const KnnOptions& options) {
    try {
      classify_by_neighbors(rows, labels, split, options);
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  const Split split{{0, 1, 2}, {3, 4, 5}};
  EXPECT_FALSE(refused(split, {.k = {1}}));
  EXPECT_TRUE(refused(split, {.k = {4}}));
  EXPECT_TRUE(refused(split, {.k = {}}));
  EXPECT_TRUE(refused(split, {.k = {0}}));
  EXPECT_TRUE(refused(split, {.k = {1}, .temperature = 0}));
  EXPECT_TRUE(refused({{0, 1}, {9}}, {.k = {1}}));
  EXPECT_TRUE(refused({{}, {1}}, {.k = {1}}));
}

}  // namespace
}  // namespace alike::measure
