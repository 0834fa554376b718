#include "alike/measure/retrieval_effects.h"

#include <gtest/gtest.h>

#include <map>

#include "alike/base/random.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

constexpr std::size_t kRows = 40;
constexpr std::size_t kCutoffs[] = {1, 3, 10};

std::vector<double> values_of(MatrixView query, int label, MatrixView rows,
                              const std::vector<int>& labels, const RetrievalOptions& how) {
  const std::vector<int> labels_of_query{label};
  std::vector<double> values;
  for (const auto& measure :
       measure_retrieval(query, labels_of_query, rows, labels, how).measures) {
    values.push_back(measure.value);
  }
  return values;
}

/// The gallery by distance, as `measure_retrieval` has it.
std::vector<float> distances(MatrixView query, MatrixView rows) {
  std::vector<float> all;
  for (std::size_t r = 0; r < rows.rows; ++r) {
    float sum = 0;
    for (std::size_t j = 0; j < rows.width; ++j) {
      sum += (query.data[j] - rows.row(r)[j]) * (query.data[j] - rows.row(r)[j]);
    }
    all.push_back(sum);
  }
  return all;
}

class RetrievalEffects : public testing::TestWithParam<int> {};

TEST_P(RetrievalEffects, are_what_a_row_taken_away_takes_away) {
  const int classes = GetParam();
  const RetrievalOptions how{.metric = index::Metric::l2,
                             .cutoffs = {std::begin(kCutoffs), std::end(kCutoffs)}};
  const Matrix rows = test::random_matrix(kRows, 5, 3), query = test::random_matrix(1, 5, 4);
  Random random(9);
  std::vector<int> labels;
  for (std::size_t r = 0; r < kRows; ++r) {
    labels.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(classes))));
  }
  std::vector<std::uint8_t> kin;
  std::size_t relevant = 0;
  for (const int label : labels) {
    kin.push_back(label == 0 ? 1 : 0);
    relevant += label == 0 ? 1U : 0U;
  }
  ASSERT_GT(relevant, 1U);
  Ranks ranks;
  const auto values = distances(query, rows);
  const auto found = ranks.of(values, kin, values.size());
  const auto whole = values_of(query, 0, rows, labels, how);
  for (std::size_t m = 0; m < whole.size(); ++m) {
    std::map<std::uint32_t, double> effects;
    for (const auto& each : retrieval_effects({ranks.order(), found, relevant, 100}, how, m)) {
      EXPECT_EQ(each.kin, labels[each.row - 100] == 0);
      EXPECT_TRUE(effects.emplace(each.row - 100, each.effect).second);
    }
    for (std::uint32_t without = 0; without < kRows; ++without) {
      Matrix fewer(kRows - 1, rows.width());
      std::vector<int> fewer_labels;
      for (std::size_t r = 0; r < kRows; ++r) {
        if (r == without) continue;
        std::ranges::copy(rows.row(r), fewer.row(fewer_labels.size()).begin());
        fewer_labels.push_back(labels[r]);
      }
      const double lower = whole[m] - values_of(query, 0, fewer, fewer_labels, how)[m];
      EXPECT_NEAR(effects[without], lower, 1e-12) << "measure " << m << " without " << without;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(classes, RetrievalEffects, testing::Values(2, 3, 8));

}  // namespace
}  // namespace alike::measure
