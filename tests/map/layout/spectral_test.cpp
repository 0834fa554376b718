#include "alike/map/layout/spectral.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "alike/base/error.h"
#include "alike/map/layout/components.h"
#include "alike/map/layout/laplacian_vectors.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

FuzzyGraph graph_of(const Matrix& rows, std::size_t k = 14) {
  return fuzzy_graph(
      find_neighbors(std::make_shared<test::MatrixRows>(rows, 64), index::Metric::l2, k, 2), k, 2);
}

/// A ring: its slowest eigenvectors are a sine and a cosine.
FuzzyGraph ring(std::size_t rows) {
  FuzzyGraph graph;
  graph.begins.push_back(0);
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::uint32_t> both{static_cast<std::uint32_t>((row + 1) % rows),
                                    static_cast<std::uint32_t>((row + rows - 1) % rows)};
    std::ranges::sort(both);
    graph.targets.insert(graph.targets.end(), both.begin(), both.end());
    graph.weights.insert(graph.weights.end(), 2, 0.7F);
    graph.begins.push_back(graph.targets.size());
  }
  return graph;
}

/// Clusters in a row, each linked to the next by one point between them.
Matrix chained_clusters(std::size_t rows) {
  Matrix points = test::random_matrix(rows, 3, 8);
  for (std::size_t row = 0; row < rows; ++row)
    points.row(row)[0] += static_cast<float>(row % 5) * 3;
  return points;
}

TEST(Components, are_found_with_all_their_links) {
  Matrix rows = test::random_matrix(90, 3, 4);
  for (std::size_t row = 0; row < 90; ++row) rows.row(row)[0] += row % 3 == 0 ? 0.0F : 1000.0F;
  const FuzzyGraph graph = graph_of(rows, 12);
  const Components components = components_of(graph);
  ASSERT_EQ(components.rows.size(), 2U);
  EXPECT_EQ(components.rows[0].size(), 60U);
  for (std::size_t c = 0; c < 2; ++c) {
    const FuzzyGraph part = part_of(graph, components, c);
    ASSERT_EQ(part.rows(), components.rows[c].size());
    for (std::size_t i = 0; i < part.rows(); ++i) {
      const std::uint32_t row = components.rows[c][i];
      EXPECT_EQ(row % 3 == 0, c == 1);
      ASSERT_EQ(part.targets_of(i).size(), graph.targets_of(row).size());
      for (std::size_t j = 0; j < part.targets_of(i).size(); ++j) {
        EXPECT_EQ(components.rows[c][part.targets_of(i)[j]], graph.targets_of(row)[j]);
        EXPECT_EQ(part.weights_of(i)[j], graph.weights_of(row)[j]);
      }
    }
  }
}

TEST(LaplacianVectors, lay_a_ring_out_as_a_circle) {
  for (const std::size_t rows : {60U, 260U}) {
    const LaplacianVectors found = laplacian_vectors(ring(rows), 1, 2, {});
    EXPECT_TRUE(found.finished);
    const double wanted = std::sqrt(2.0 / static_cast<double>(rows));
    for (std::size_t row = 0; row < rows; ++row) {
      const auto point = found.vectors.view().row(row);
      EXPECT_NEAR(std::hypot(point[0], point[1]), wanted, 0.1 * wanted) << rows << " " << row;
    }
  }
}

TEST(LaplacianVectors, are_eigenvectors_where_the_graph_is_large) {
  const FuzzyGraph graph = graph_of(chained_clusters(2000));
  const FuzzyGraph part = part_of(graph, components_of(graph), 0);
  ASSERT_GT(part.rows(), 300U);
  const LaplacianVectors found = laplacian_vectors(part, 1, 2, {});
  EXPECT_TRUE(found.finished);
  EXPECT_LT(found.products, 700U);
  std::vector<double> scale(part.rows());
  for (std::size_t row = 0; row < part.rows(); ++row) {
    for (const float weight : part.weights_of(row)) scale[row] += weight;
    scale[row] = 1 / std::sqrt(scale[row]);
  }
  for (std::size_t c = 0; c < 2; ++c) {
    std::vector<double> product(part.rows());
    double value = 0, length = 0, miss = 0;
    for (std::size_t row = 0; row < part.rows(); ++row) {
      for (std::size_t i = 0; i < part.targets_of(row).size(); ++i) {
        const std::uint32_t target = part.targets_of(row)[i];
        product[row] += scale[row] * part.weights_of(row)[i] * scale[target] *
                        found.vectors.view().row(target)[c];
      }
      value += product[row] * found.vectors.view().row(row)[c];
      length += std::pow(found.vectors.view().row(row)[c], 2);
    }
    EXPECT_NEAR(length, 1, 1e-3);
    for (std::size_t row = 0; row < part.rows(); ++row) {
      miss += std::pow(product[row] - value * found.vectors.view().row(row)[c], 2);
    }
    EXPECT_LT(std::sqrt(miss), 0.06 * (1 - value) + 2e-5) << value;
  }
}

TEST(SpectralStart, is_the_same_for_any_threads_and_within_its_frame) {
  const FuzzyGraph graph = graph_of(test::clustered_matrix(5000, 6, 4, 1, 6));
  const SpectralStart one = spectral_start(graph, 7, 1), four = spectral_start(graph, 7, 4);
  for (std::size_t i = 0; i < 2 * graph.rows(); ++i) {
    ASSERT_EQ(one.points.data()[i], four.points.data()[i]);
    ASSERT_TRUE(std::abs(one.points.data()[i] - 5) <= 5.001) << one.points.data()[i];
  }
}

TEST(SpectralStart, lays_components_beside_each_other) {
  Matrix rows = test::random_matrix(400, 4, 9);
  for (std::size_t row = 0; row < 400; ++row)
    rows.row(row)[0] += row < 300 ? 0 : row < 398 ? 1e4F : 5e4F;
  const SpectralStart start = spectral_start(graph_of(rows, 10), 7, 2);
  EXPECT_EQ(start.components, 2U);  // the last two have ten neighbours, eight in the second part
  double nearest = 1e9;
  for (std::size_t a = 0; a < 300; ++a) {
    for (std::size_t b = 300; b < 398; ++b) {
      nearest =
          std::min(nearest, std::hypot(0.0 + start.points.row(a)[0] - start.points.row(b)[0],
                                       0.0 + start.points.row(a)[1] - start.points.row(b)[1]));
    }
  }
  EXPECT_GT(nearest, 0.1);
}

TEST(SpectralStart, of_few_or_equal_rows_is_finite) {
  for (const std::size_t rows : {1U, 2U, 3U, 16U, 300U}) {
    const SpectralStart start = spectral_start(graph_of(Matrix(rows, 4)), 7, 1);
    ASSERT_EQ(start.points.rows(), rows);
    for (std::size_t i = 0; i < 2 * rows; ++i) EXPECT_TRUE(std::isfinite(start.points.data()[i]));
  }
}

TEST(SpectralStart, stops_when_asked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(spectral_start(ring(1000), 7, 1, {{}, stop.get_token()}), Error);
}

}  // namespace
}  // namespace alike::map
