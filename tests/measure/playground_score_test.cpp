#include "alike/measure/playground_score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stop_token>

#include "alike/base/error.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

TEST(PlaygroundScore, weighs_ranks_as_its_formula_says) {
  std::vector<int> results(15, 1);
  EXPECT_EQ(playground_score(results, 1), 100);
  EXPECT_EQ(playground_score(results, 2), 0);
  results.assign(15, 0);
  results[0] = 1;  // 15/15 of 8
  EXPECT_EQ(playground_score(results, 1), 12.5);
  results[14] = 1;  // and 1/15
  EXPECT_NEAR(playground_score(results, 1), 100.0 * 16 / 120, 1e-12);
  EXPECT_EQ(playground_score(std::vector<int>{1, 0}, 1), 100 * 1 / 1.5);
  EXPECT_EQ(playground_score({}, 1), 0);
  EXPECT_EQ(playground_score(std::vector<int>{-1, -1}, -1), 0);
}

TEST(PlaygroundScore, drops_the_query_where_it_is_met) {
  const std::vector<int> labels{0, 0, 1, -1};
  // Row 1 comes after others that are as near; row 2 is not in its own list.
  const std::vector<std::vector<std::uint32_t>> rankings{{0, 1, 2}, {2, 1, 0}, {0, 1}, {3, 0}};
  const Measure at2 = playground_scores(rankings, labels, 2);
  EXPECT_EQ(at2.name, "playground score@2");
  EXPECT_EQ(at2.rows, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(at2.values, (std::vector<double>{100 / 1.5, 100 * 0.5 / 1.5, 0}));
  // The slip of the last version: the query at rank 0 counts, and every list starts with a third.
  EXPECT_EQ(playground_score(std::vector<int>{0, 1}, 0), 100 / 1.5);
}

/// Published by the playground for images 180 to 199 (womenshirt) of fashion200 under vgg16,
/// block4_conv1, cosine: the first 15 results of each without itself (imageanalysis_cml@32c5ebf,
/// app/build/assets/semsearch/similarity/fashion200/vgg16/cosine/block4_conv1.json) and the score
/// of each (convnetplayground@5053422, app/src/assets/semsearch/modelscores.json). The two were not
/// made at one time: the score of image 194 is 95/120 in both, but its last digit is that of
/// another order of the same weight.
TEST(PlaygroundScore, is_the_published_one_to_the_last_digit) {
  const std::vector<std::vector<std::uint32_t>> results{
      {181, 184, 183, 193, 182, 192, 96, 90, 199, 93, 113, 196, 198, 195, 194},
      {184, 183, 180, 182, 195, 193, 192, 199, 198, 194, 90, 86, 96, 93, 171},
      {181, 192, 184, 195, 96, 193, 171, 198, 93, 86, 180, 199, 183, 194, 105},
      {181, 184, 180, 194, 195, 193, 198, 182, 90, 199, 192, 86, 96, 80, 113},
      {181, 183, 180, 182, 195, 192, 199, 194, 198, 90, 96, 93, 193, 86, 80},
      {198, 178, 194, 195, 163, 199, 171, 190, 189, 160, 177, 187, 192, 176, 168},
      {111, 199, 100, 80, 171, 87, 184, 98, 101, 181, 103, 96, 182, 105, 113},
      {189, 199, 198, 195, 194, 191, 190, 188, 113, 86, 111, 171, 163, 178, 192},
      {191, 190, 189, 187, 97, 86, 84, 89, 198, 179, 92, 95, 199, 194, 170},
      {187, 188, 199, 195, 191, 194, 171, 190, 198, 175, 179, 86, 84, 185, 163},
      {192, 191, 198, 188, 195, 194, 86, 96, 84, 113, 187, 189, 93, 199, 163},
      {188, 190, 189, 198, 187, 199, 192, 86, 95, 84, 91, 89, 163, 92, 108},
      {190, 182, 195, 198, 181, 86, 199, 171, 96, 184, 193, 180, 191, 163, 93},
      {181, 182, 180, 183, 192, 199, 184, 171, 197, 195, 113, 96, 105, 196, 194},
      {195, 199, 198, 86, 187, 183, 189, 181, 190, 184, 177, 171, 96, 182, 84},
      {199, 194, 198, 192, 181, 171, 187, 182, 86, 184, 189, 111, 183, 190, 163},
      {180, 192, 193, 182, 171, 181, 184, 198, 195, 183, 199, 163, 197, 178, 93},
      {193, 182, 81, 82, 196, 180, 83, 184, 181, 90, 96, 107, 85, 80, 100},
      {195, 199, 190, 194, 86, 187, 192, 171, 113, 181, 182, 163, 184, 111, 191},
      {195, 194, 198, 171, 187, 86, 111, 189, 192, 181, 184, 98, 177, 163, 113},
  };
  const std::vector<double> published{76.66666666666667,
                                      87.5,
                                      71.66666666666667,
                                      85.83333333333333,
                                      85.0,
                                      60.0,
                                      26.666666666666668,
                                      77.49999999999999,
                                      55.00000000000001,
                                      76.66666666666667,
                                      71.66666666666667,
                                      70.0,
                                      76.66666666666666,
                                      83.33333333333334,
                                      79.16666666666666,
                                      81.66666666666667,
                                      85.0,
                                      54.166666666666664,
                                      73.33333333333333,
                                      65.83333333333333};
  std::vector<int> labels(200, -1);  // the others are not asked for; their class is another
  std::fill(labels.begin() + 180, labels.end(), 0);
  std::vector<std::vector<std::uint32_t>> rankings(180);
  for (std::uint32_t i = 0; i < results.size(); ++i) {
    rankings.push_back({180 + i});
    rankings.back().insert(rankings.back().end(), results[i].begin(), results[i].end());
  }
  std::vector<double> replayed = playground_scores(rankings, labels).values;
  ASSERT_EQ(replayed.size(), published.size());
  EXPECT_NEAR(replayed[14], published[14], 2e-14);
  replayed[14] = published[14];
  EXPECT_EQ(replayed, published);
}

TEST(PlaygroundScore, of_one_layer_by_class) {
  const std::vector<int> labels{0, 0, 1, 1};
  const std::vector<std::vector<std::uint32_t>> rankings{{1}, {0}, {0}, {2}};
  const auto parts = by_class(playground_scores(rankings, labels, 1), labels, 3);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].value, 100);
  EXPECT_EQ(parts[1].value, 50);
  EXPECT_EQ(parts[1].rows, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(parts[2].value, 0);
}

/// All rows sorted, all distances kept.
std::vector<std::vector<std::uint32_t>> sorted_rankings(const Matrix& rows) {
  std::vector<std::vector<std::uint32_t>> rankings(rows.rows());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::size_t j = 0; j < rows.rows(); ++j) {
      double distance = 0;
      for (std::size_t d = 0; d < rows.width(); ++d) {
        const double difference = double{rows.row(i)[d]} - double{rows.row(j)[d]};
        distance += difference * difference;
      }
      order.emplace_back(distance, j);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [distance, place] : order) rankings[i].push_back(place);
  }
  return rankings;
}

TEST(PlaygroundScore, of_rows_is_that_of_their_sorted_distances) {
  const Matrix rows = test::clustered_matrix(1500, 12, 1, 2, 10);
  std::vector<int> labels(rows.rows());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<int>(i * i % 7) - 1;
  const Measure slow = playground_scores(sorted_rankings(rows), labels);
  for (const int threads : {1, 2}) {
    const Measure fast = playground_scores(rows, labels, {index::Metric::l2, 15, threads});
    EXPECT_EQ(fast.name, "playground score");
    EXPECT_EQ(fast.rows, slow.rows);
    EXPECT_EQ(fast.values, slow.values);
  }
}

TEST(PlaygroundScore, counts_equal_rows_and_leaves_out_only_itself) {
  Matrix rows(20, 2);
  for (std::size_t i = 0; i < 20; ++i) rows.row(i)[0] = 1;
  const Measure all = playground_scores(rows, std::vector<int>(20, 3), {});
  EXPECT_EQ(all.value, 100);
  const Measure one = playground_scores({rows.data(), 1, 2}, std::vector<int>{3}, {});
  EXPECT_EQ(one.value, 0);  // nothing to find
}

TEST(PlaygroundScore, refuses_what_makes_no_sense) {
  Matrix rows(3, 2);
  const std::vector<int> labels{0, 0, 1};
  const std::vector<std::vector<std::uint32_t>> rankings{{1}, {7}, {0}};
  EXPECT_THROW(playground_scores(rankings, labels), Error);
  EXPECT_THROW(playground_scores(rankings, std::vector<int>{0}), Error);
  EXPECT_THROW(playground_scores(rows, std::vector<int>{0}, {}), Error);
  EXPECT_THROW(playground_scores(rows, labels, {index::Metric::l2, 0, 1}), Error);
  rows.row(1)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(playground_scores(rows, labels, {}), Error);
  rows.row(1)[0] = 0;
  std::stop_source source;
  source.request_stop();
  try {
    playground_scores(rows, labels, {}, {{}, source.get_token()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::interrupted);
  }
}

}  // namespace
}  // namespace alike::measure
