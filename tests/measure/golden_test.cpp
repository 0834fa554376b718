// Measures beside those of other libraries: tests/measure/reference_rows.py printed the
// expected values, with pytorch-metric-learning 2.9.0 and scikit-learn 1.9.1.
#include <gtest/gtest.h>

#include <cstdint>

#include "alike/measure/knn.h"
#include "alike/measure/probe.h"
#include "alike/measure/retrieval.h"

namespace alike::measure {
namespace {

constexpr std::size_t kRows = 2000, kWidth = 6;
constexpr int kClasses = 8;
constexpr std::size_t kLone = 17;  // alone in class 8

struct Case {
  Matrix rows{kRows, kWidth};
  std::vector<int> labels;
  Split split;  // even rows to learn from, odd ones to judge
};

Case made() {
  Case all;
  std::uint64_t state = 7;
  const auto drawn = [&](std::uint64_t below) {
    state = (1103515245 * state + 12345) % (std::uint64_t{1} << 31);
    return (state >> 16) % below;
  };
  for (std::size_t i = 0; i < kRows; ++i) {
    const int label = i == kLone ? kClasses : static_cast<int>(drawn(kClasses));
    all.labels.push_back(label);
    for (std::size_t j = 0; j < kWidth; ++j) {
      const bool own = j == static_cast<std::size_t>(label) % kWidth;
      all.rows.row(i)[j] = static_cast<float>(drawn(2000)) / 8 + (own ? 150.0F : 0.0F);
    }
    (i % 2 == 0 ? all.split.train : all.split.test).push_back(static_cast<std::uint32_t>(i));
  }
  return all;
}

TEST(Golden, retrieval_is_that_of_pytorch_metric_learning) {
  const Case all = made();
  const Retrieval found = measure_retrieval(all.rows, all.labels, {.metric = index::Metric::l2});
  EXPECT_EQ(found.lone, 1U);
  const auto value = [&](const std::string& name) {
    for (const Measure& measure : found.measures) {
      if (measure.name == name) return measure.value;
    }
    ADD_FAILURE() << name;
    return 0.0;
  };
  EXPECT_NEAR(value("precision@1"), 0.503251626, 1e-6);
  EXPECT_NEAR(value("r-precision"), 0.311529939, 1e-6);
  EXPECT_NEAR(value("map@r"), 0.140980452, 1e-6);
  EXPECT_NEAR(value("map"), 0.305499019, 1e-6);
}

TEST(Golden, neighbours_vote_as_in_scikit_learn) {
  const Case all = made();
  struct Expected {
    index::Metric metric;
    std::vector<double> accuracy;
  };
  for (const Expected& expected : {Expected{index::Metric::l2, {0.471, 0.506, 0.545}},
                                   Expected{index::Metric::cosine, {0.477, 0.524, 0.566}}}) {
    const Knn found = classify_by_neighbors(all.rows, all.labels, all.split,
                                            {.metric = expected.metric, .k = {1, 5, 20}});
    std::size_t at = 0;
    for (const KnnVote& vote : found.votes) {
      if (vote.weighted) continue;
      EXPECT_NEAR(vote.accuracy.value, expected.accuracy[at++], 1e-6) << vote.accuracy.name;
    }
    EXPECT_EQ(at, 3U);
  }
}

TEST(Golden, the_probe_is_that_of_scikit_learn) {
  const Case all = made();
  struct Expected {
    double strength, objective, accuracy;
  };
  for (const Expected& expected :
       {Expected{1e-3, 0.939261246, 0.555}, Expected{1e-1, 1.522233964, 0.562}}) {
    const Probe found =
        measure_probe(all.rows, all.labels, all.split, {.strengths = {expected.strength}});
    EXPECT_NEAR(found.objective, expected.objective, 1e-4) << expected.strength;
    EXPECT_NEAR(found.accuracy.value, expected.accuracy, 0.002) << expected.strength;
  }
}

}  // namespace
}  // namespace alike::measure
