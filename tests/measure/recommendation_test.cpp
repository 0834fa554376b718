#include "alike/measure/recommendation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "alike/base/error.h"
#include "tests/support/labelled_rows.h"

namespace alike::measure {
namespace {

using test::apart;
using test::turns;

double value(const Recommendation& found, const std::string& name) {
  for (const Measure& measure : found.measures) {
    if (measure.name == name) return measure.value;
  }
  ADD_FAILURE() << name;
  return 0;
}

TEST(Recommendation, suggests_what_is_like_the_liked_and_unlike_the_disliked) {
  const auto labels = turns(60, 3);
  const Matrix rows = apart(labels, 16, 0.05);
  const Profile profile{"mine", {0, 3, 6}, {1}};
  const auto found = suggest(rows, profile, {.k = 17});
  ASSERT_EQ(found.size(), 17U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(labels[found[i].row], 0);
    EXPECT_EQ(std::ranges::count(profile.liked, found[i].row), 0);
    EXPECT_GE(found[i].distance, found[i > 0 ? i - 1 : 0].distance);
  }
  const auto all = suggest(rows, profile, {.k = 60});
  EXPECT_EQ(all.size(), 56U);  // without the four that it names
}

TEST(Recommendation, hits_and_gains_are_those_of_their_definitions) {
  // One class of four on a line, and two strangers, one of them among it; two of the four are
  // known, so the places of the other two among the rest can be told by hand for every draw.
  constexpr double kPlaces[] = {0, 1, 2.1, 6, 1.3, 4};
  Matrix rows(6, 2);
  for (std::size_t i = 0; i < 6; ++i) {
    rows.row(i)[0] = 1;
    rows.row(i)[1] = static_cast<float>(kPlaces[i] / 10);
  }
  const Profile profile{"four", {0, 1, 4, 5}, {}};
  for (const std::size_t k : {1U, 2U, 3U}) {
    // Over the six pairs that may be known, each as likely: the rest ranked by distance from about
    // the middle of the known two.
    double hits = 0, gains = 0, squares = 0;
    const double best = 1 + (k > 1 ? 1 / std::log2(3.0) : 0);
    for (const auto& [a, b] : {std::pair{0, 1}, {0, 4}, {0, 5}, {1, 4}, {1, 5}, {4, 5}}) {
      std::vector<std::pair<double, int>> rest;
      for (int i = 0; i < 6; ++i) {
        const double middle = (kPlaces[a] + kPlaces[b]) / 2;
        if (i != a && i != b) rest.emplace_back(std::abs(kPlaces[i] - middle), i);
      }
      std::ranges::sort(rest);
      double gain = 0;
      for (std::size_t r = 0; r < k; ++r) {
        if (rest[r].second != 2 && rest[r].second != 3) {
          gain += 1 / std::log2(static_cast<double>(r) + 2);
        }
      }
      hits += (gain > 0 ? 1 : 0) / 6.0;
      gains += gain / best / 6;
      squares += gain * gain / best / best / 6;
    }
    const RecommendationOptions how{.metric = index::Metric::l2, .k = k, .draws = 20'000};
    const auto found = measure_recommendation(rows, std::vector{profile}, how);
    // Five standard errors of so many draws.
    const auto errors = [](double variance) { return 1e-6 + 5 * std::sqrt(variance / 20'000); };
    const auto at_k = [&](std::string name) { return name.append(std::to_string(k)); };
    EXPECT_NEAR(value(found, at_k("hit rate@")), hits, errors(std::abs(hits - hits * hits)));
    EXPECT_NEAR(value(found, at_k("ndcg@")), gains, errors(std::abs(squares - gains * gains)));
  }
}

TEST(Recommendation, is_whole_where_classes_lie_apart_and_chance_where_they_do_not) {
  const auto labels = turns(200, 10);
  const auto clear = measure_recommendation(apart(labels, 16, 0.05), profiles_of(labels), {});
  EXPECT_GT(value(clear, "ndcg@10"), 0.999);
  EXPECT_EQ(clear.measures[0].rows.size(), 10U);
  const auto noise =
      measure_recommendation(test::random_matrix(200, 16, 9), profiles_of(labels), {});
  EXPECT_LT(value(noise, "ndcg@10"), 0.2);
}

TEST(Recommendation, does_not_depend_on_threads_and_leaves_out_who_likes_one) {
  const auto labels = turns(100, 5);
  auto profiles = profiles_of(labels);
  profiles.push_back({"one", {3}, {}});
  const Matrix rows = apart(labels, 16, 0.4);
  const auto one = measure_recommendation(rows, profiles, {.threads = 1});
  const auto two = measure_recommendation(rows, profiles, {.threads = 2});
  EXPECT_EQ(one.left_out, 1U);
  for (std::size_t m = 0; m < 2; ++m) EXPECT_EQ(one.measures[m].values, two.measures[m].values);
}

TEST(Recommendation, leaves_out_and_counts_profiles_that_like_too_little) {
  const Matrix rows = test::random_matrix(10, 4, 1), zeros(10, 4);
  const std::vector<Profile> profiles{{"a", {1}, {}}, {"b", {}, {2}}, {"c", {3, 4}, {}}};
  const auto one = measure_recommendation(rows, profiles, {});
  EXPECT_EQ(one.left_out, 2U);
  EXPECT_EQ(one.measures.front().rows, std::vector<std::uint32_t>{2});
  const auto none = measure_recommendation(zeros, profiles, {});  // zeros have no direction
  EXPECT_EQ(none.left_out, 3U);
  EXPECT_TRUE(none.measures.empty());
}

TEST(Recommendation, refuses_profiles_that_say_nothing_or_too_much) {
  const Matrix rows = test::random_matrix(10, 4, 1);
  EXPECT_THROW(suggest(rows, {"a", {}, {1}}, {}), Error);
  EXPECT_THROW(suggest(rows, {"a", {10}, {}}, {}), Error);
  EXPECT_THROW(suggest(rows, {"a", {1}, {1}}, {}), Error);
  EXPECT_THROW(measure_recommendation(rows, std::vector<Profile>{{"a", {1, 1}, {}}}, {}), Error);
}

}  // namespace
}  // namespace alike::measure
