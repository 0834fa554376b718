#include "alike/search/relevance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "alike/base/random.h"
#include "tests/support/matrix_rows.h"

namespace alike::search {
namespace {

using index::Metric;

/// The background of a query as typical as the rows are.
Background among(std::uint64_t rows, std::vector<float> distances) {
  std::sort(distances.begin(), distances.end());
  const double typical = distances.empty() ? 0 : distances[distances.size() / 2];
  return {rows, typical, std::move(distances)};
}

/// Distances of unrelated rows around `mean`, nearly normal (the sum of twelve uniform numbers).
std::vector<float> strangers(std::size_t count, double mean, double deviation) {
  Random random(count);
  std::vector<float> distances;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = -6;
    for (int j = 0; j < 12; ++j) sum += random.uniform();
    distances.push_back(static_cast<float>(mean + deviation * sum));
  }
  return distances;
}

TEST(Relevance, lies_at_half_the_typical_distance_where_strangers_are_all_far) {
  const auto line = relevance_line(among(10000, strangers(256, 0.8, 0.05)), Metric::cosine);
  ASSERT_TRUE(line.known);
  EXPECT_NEAR(line.distance, 0.4, 0.01);
}

TEST(Relevance, lies_where_the_nearest_of_all_strangers_is_expected_where_some_come_near) {
  const auto line = relevance_line(among(796, strangers(40000, 0.8, 0.2)), Metric::cosine);
  // python -c "from math import *; n=796; a=sqrt(2*log(n)); print(a-(log(log(n))+log(4*pi))/(2*a))"
  EXPECT_NEAR(line.distance, 0.8 - 0.2 * 3.0490, 0.02);
  const auto among_more = relevance_line(among(3000, strangers(40000, 0.8, 0.2)), Metric::cosine);
  EXPECT_LT(among_more.distance, line.distance);
}

TEST(Relevance, is_not_widened_by_a_query_that_is_far_from_everything) {
  Background background = among(10000, strangers(256, 0.85, 0.03));
  background.typical = 0.5;
  EXPECT_NEAR(relevance_line(background, Metric::cosine).distance, 0.25, 0.01);
}

TEST(Relevance, does_not_move_much_when_a_quarter_of_the_rows_are_relatives) {
  auto distances = strangers(192, 0.8, 0.05);
  for (int i = 0; i < 64; ++i) distances.push_back(0.05F);
  const auto line = relevance_line(among(10000, distances), Metric::cosine);
  EXPECT_NEAR(line.distance, 0.4, 0.02);
}

TEST(Relevance, is_the_same_rule_for_l2_of_unit_rows) {
  for (const double deviation : {0.05, 0.15}) {
    const auto cosine = strangers(256, 0.8, deviation);
    std::vector<float> l2;
    for (const float distance : cosine) l2.push_back(std::sqrt(2 * distance));
    const float line = relevance_line(among(500, l2), Metric::l2).distance;
    EXPECT_NEAR(line * line / 2, relevance_line(among(500, cosine), Metric::cosine).distance, 1e-5);
  }
}

TEST(Relevance, keeps_exact_copies_among_copies) {
  EXPECT_GT(relevance_line(among(30, std::vector<float>(30, 1e-7F)), Metric::cosine).distance,
            2e-7F);
  EXPECT_EQ(relevance_line(among(30, std::vector<float>(30, 0.0F)), Metric::l2).distance, 0);
  EXPECT_TRUE(relevance_line(among(500, strangers(256, 0.8, 0.4)), Metric::l2).known);
}

TEST(Relevance, is_not_known_where_it_cannot_be) {
  const auto distances = strangers(256, 0.8, 0.05);
  EXPECT_FALSE(relevance_line(among(kRelevanceRows - 1, distances), Metric::cosine).known);
  EXPECT_TRUE(relevance_line(among(kRelevanceRows, distances), Metric::cosine).known);
  EXPECT_FALSE(relevance_line(among(1000, {}), Metric::cosine).known);
  EXPECT_FALSE(relevance_line(among(1000, distances), Metric::inner_product).known);
  const auto infinite = std::vector<float>(30, std::numeric_limits<float>::infinity());
  EXPECT_FALSE(relevance_line(among(1000, infinite), Metric::l2).known);
}

TEST(Strangers, say_how_far_rows_are_from_a_query_and_from_each_other) {
  Random random(5);
  Matrix rows(3000, 40);
  for (std::size_t i = 0; i < 3000 * 40; ++i) {
    rows.data()[i] = static_cast<float>(2 * random.uniform() - 0.8);
  }
  std::vector<float> query(40, 0.3F), all;
  const auto source = std::make_shared<test::MatrixRows>(std::move(rows), 11);
  const index::Flat flat(source, Metric::cosine);
  for (const auto& neighbor : flat.search(query, {.k = 3000}).neighbors) {
    all.push_back(neighbor.distance);
  }
  const Strangers strangers(source, Metric::cosine);
  const Background background =
      strangers.background(query, [](std::int64_t id) { return id % 3 != 0; });
  EXPECT_EQ(background.rows, 3000U);
  EXPECT_NEAR(static_cast<double>(background.distances.size()), 256 * 2. / 3, 20);
  EXPECT_TRUE(std::is_sorted(background.distances.begin(), background.distances.end()));
  EXPECT_NEAR(background.distances[background.distances.size() / 2], all[1500], 0.02);
  const auto from_a_row = flat.search(source->rows().row(7), {.k = 3000}).neighbors;
  EXPECT_NEAR(background.typical, from_a_row[1500].distance, 0.1);
}

TEST(Strangers, of_an_empty_space_say_nothing) {
  const Strangers strangers(std::make_shared<test::MatrixRows>(Matrix(0, 4), 11), Metric::l2);
  const Background background = strangers.background(std::vector<float>(4), {});
  EXPECT_FALSE(relevance_line(background, Metric::l2).known);
}

}  // namespace
}  // namespace alike::search
