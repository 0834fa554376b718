#include "alike/map/layout/fuzzy_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "alike/base/error.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

Neighbors neighbors_of(const Matrix& rows, std::size_t k) {
  return find_neighbors(std::make_shared<test::MatrixRows>(rows, 64), index::Metric::l2, k, 2);
}

std::vector<std::vector<double>> dense(const FuzzyGraph& graph) {
  std::vector<std::vector<double>> all(graph.rows(), std::vector<double>(graph.rows()));
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    for (std::size_t i = 0; i < graph.targets_of(row).size(); ++i) {
      all[row][graph.targets_of(row)[i]] = graph.weights_of(row)[i];
    }
  }
  return all;
}

/// The slow obvious twin: one row's weights, with the scale found by trying many.
std::vector<double> weights_of(std::span<const float> distances) {
  const double wanted = std::log2(static_cast<double>(distances.size() + 1));
  double best = 1, miss = 1e9;
  const auto weight = [&](double d, double scale) {
    return std::exp(-std::max(0.0, d - distances[0]) / scale);
  };
  for (double scale = 1e-3; scale < 1e3; scale *= 1.0005) {
    double sum = 0;
    for (const float d : distances) sum += weight(d, scale);
    if (std::abs(sum - wanted) < miss) {
      miss = std::abs(sum - wanted);
      best = scale;
    }
  }
  std::vector<double> weights;
  for (const float d : distances) weights.push_back(weight(d, best));
  return weights;
}

TEST(FuzzyGraph, is_the_union_of_all_rows_weights) {
  const Neighbors table = neighbors_of(test::clustered_matrix(120, 8, 3, 1), 9);
  std::vector<std::vector<double>> one(120, std::vector<double>(120));
  for (std::size_t row = 0; row < 120; ++row) {
    const auto weights = weights_of(table.distances_of(row));
    for (std::size_t i = 0; i < 9; ++i) one[row][table.places_of(row)[i]] = weights[i];
  }
  const auto graph = dense(fuzzy_graph(table, 9, 2));
  for (std::size_t i = 0; i < 120; ++i) {
    for (std::size_t j = 0; j < 120; ++j) {
      EXPECT_NEAR(graph[i][j], one[i][j] + one[j][i] - one[i][j] * one[j][i], 2e-3)
          << i << " " << j;
    }
  }
}

TEST(FuzzyGraph, is_symmetric_and_sorted_and_the_same_for_any_threads) {
  const Neighbors table = neighbors_of(test::clustered_matrix(3000, 6, 4, 1), 14);
  const FuzzyGraph graph = fuzzy_graph(table, 14, 1), again = fuzzy_graph(table, 14, 4);
  EXPECT_EQ(graph.begins, again.begins);
  EXPECT_EQ(graph.targets, again.targets);
  EXPECT_EQ(graph.weights, again.weights);
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    const auto targets = graph.targets_of(row);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (i > 0) {
        EXPECT_LT(targets[i - 1], targets[i]);
      }
      EXPECT_NE(targets[i], row);
      const auto back = graph.targets_of(targets[i]);
      const auto at = std::ranges::lower_bound(back, row) - back.begin();
      EXPECT_EQ(graph.weights_of(targets[i])[static_cast<std::size_t>(at)],
                graph.weights_of(row)[i]);
    }
  }
}

TEST(FuzzyGraph, of_few_or_equal_rows_is_finite) {
  for (const std::size_t rows : {1U, 2U, 3U, 16U}) {
    for (const FuzzyGraph& graph :
         {fuzzy_graph(neighbors_of(Matrix(rows, 4), 14), 14, 1),
          fuzzy_graph(neighbors_of(test::random_matrix(rows, 4, 1), 14), 14, 1)}) {
      ASSERT_EQ(graph.rows(), rows);
      EXPECT_EQ(graph.weights.empty(), rows == 1);
      for (const float weight : graph.weights) EXPECT_TRUE(weight > 0 && weight <= 1) << weight;
    }
  }
}

TEST(ReachOf, adds_up_to_the_logarithm_of_the_neighbours) {
  const std::vector<float> distances{0, 0.3F, 0.4F, 0.45F, 0.5F, 1, 2};
  const Reach reach = reach_of(distances, 1);
  EXPECT_FLOAT_EQ(static_cast<float>(reach.nearest), 0.3F);
  double sum = 0;
  for (const float d : distances) sum += weight_at(reach, d);
  EXPECT_NEAR(sum, 3, 2e-5);
  EXPECT_EQ(reach_of(distances, 1, false).nearest, 0);
}

TEST(PullLabels, draws_labels_apart_as_umap_learn_does) {
  FuzzyGraph graph = fuzzy_graph(neighbors_of(test::clustered_matrix(60, 4, 5, 1, 2), 8), 8, 1);
  auto before = dense(graph);
  std::vector<int> labels(60);
  for (std::size_t i = 0; i < 60; ++i) labels[i] = i % 7 == 0 ? -1 : static_cast<int>(i % 2);
  pull_labels(graph, labels, 0.5, 2);
  for (std::size_t i = 0; i < 60; ++i) {
    double most = 0;
    for (std::size_t j = 0; j < 60; ++j) {
      if (labels[i] < 0 || labels[j] < 0) {
        before[i][j] *= std::exp(-1);
      } else if (labels[i] != labels[j]) {
        before[i][j] *= std::exp(-5);
      }
      most = std::max(most, before[i][j]);
    }
    for (double& weight : before[i]) weight /= most;
  }
  const auto after = dense(graph);
  for (std::size_t i = 0; i < 60; ++i) {
    for (std::size_t j = 0; j < 60; ++j) {
      EXPECT_NEAR(after[i][j], before[i][j] + before[j][i] - before[i][j] * before[j][i], 1e-5);
    }
  }
}

TEST(PullLabels, refuses_what_does_not_fit) {
  FuzzyGraph graph = fuzzy_graph(neighbors_of(test::random_matrix(10, 4, 1), 3), 3, 1);
  EXPECT_THROW(pull_labels(graph, std::vector<int>(9), 0.5, 1), Error);
  EXPECT_THROW(pull_labels(graph, std::vector<int>(10), 1, 1), Error);
}

}  // namespace
}  // namespace alike::map
