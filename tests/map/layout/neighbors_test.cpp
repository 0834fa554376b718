#include "alike/map/layout/neighbors.h"
#include "alike/index/flat/flat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/index/graph/graph_index.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using test::MatrixRows;

/// The slow obvious twin: all distances, sorted.
std::vector<index::Neighbor> nearest_others(const Matrix& rows, std::size_t row) {
  std::vector<index::Neighbor> all;
  for (std::size_t other = 0; other < rows.rows(); ++other) {
    if (other == row) continue;
    double sum = 0;
    for (std::size_t i = 0; i < rows.width(); ++i) {
      const double step = static_cast<double>(rows.row(row)[i]) - rows.row(other)[i];
      sum += step * step;
    }
    all.push_back({static_cast<std::int64_t>(other), static_cast<float>(std::sqrt(sum))});
  }
  std::ranges::sort(all);
  return all;
}

TEST(FindNeighbors, AreTheNearestOthers) {
  const Matrix rows = test::clustered_matrix(300, 20, 1, 1);
  const auto table =
      find_neighbors(std::make_shared<MatrixRows>(rows, 64), index::Metric::l2, 7, 2);
  ASSERT_EQ(table.rows, 300U);
  ASSERT_EQ(table.k, 7U);
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto truth = nearest_others(rows, row);
    for (std::size_t i = 0; i < table.k; ++i) {
      EXPECT_EQ(table.places_of(row)[i], truth[i].id) << row;
      EXPECT_NEAR(table.distances_of(row)[i], truth[i].distance, 1e-5) << row;
    }
  }
}

TEST(FindNeighbors, CountOnlyLivingRows) {
  auto source = std::make_shared<MatrixRows>(test::random_matrix(50, 4, 2), 16);
  for (std::size_t i = 0; i < 50; i += 3) source->dead()[i] = 1;
  const auto table = find_neighbors(source, index::Metric::cosine, 5, 1);
  ASSERT_EQ(table.rows, 33U);
  Matrix living(33, 4);
  for (std::size_t i = 0, to = 0; i < 50; ++i) {
    if (i % 3 != 0) std::ranges::copy(source->rows().row(i), living.row(to++).begin());
  }
  const auto same =
      find_neighbors(std::make_shared<MatrixRows>(living, 33), index::Metric::cosine, 5, 2);
  EXPECT_EQ(table.places, same.places);
}

TEST(FindNeighbors, GiveFewerWhereThereAreFewer) {
  for (const std::size_t count : {1U, 2U, 3U}) {
    const auto table =
        find_neighbors(std::make_shared<MatrixRows>(test::random_matrix(count, 4, 3), 2),
                       index::Metric::l2, 15, 1);
    EXPECT_EQ(table.k, count - 1);
    EXPECT_EQ(table.places.size(), count * (count - 1));
  }
}

TEST(FindNeighbors, OfEqualRowsAreAtDistanceZero) {
  const auto table =
      find_neighbors(std::make_shared<MatrixRows>(Matrix(40, 8), 40), index::Metric::l2, 15, 1);
  for (std::size_t row = 0; row < 40; ++row) {
    for (const auto place : table.places_of(row)) EXPECT_NE(place, row);
    for (const float distance : table.distances_of(row)) EXPECT_EQ(distance, 0);
  }
}

/// Share of the true neighbours that were found; expects found ones in order.
double share_found(const Neighbors& found, const Neighbors& truth) {
  std::size_t hits = 0;
  for (std::size_t row = 0; row < truth.rows; ++row) {
    EXPECT_TRUE(std::ranges::is_sorted(found.distances_of(row)));
    for (const auto place : found.places_of(row)) {
      EXPECT_NE(place, row);
      hits += std::ranges::count(truth.places_of(row), place) > 0 ? 1U : 0U;
    }
  }
  return static_cast<double>(hits) / static_cast<double>(truth.places.size());
}

TEST(FindNeighbors, FindNearlyAllByAReadyIndex) {
  const auto source =
      std::make_shared<MatrixRows>(test::clustered_matrix(3000, 24, 6, 1), std::size_t{100});
  for (std::size_t i = 0; i < 3000; i += 7) source->dead()[i] = 1;
  const auto truth = find_neighbors(source, index::Metric::l2, 14, 2);
  auto graph = std::make_shared<index::Graph>(index::make_graph(*source, index::Metric::l2, {}, 2));
  index::measure_recall(*graph, source, 2);
  const index::GraphIndex index(source, graph, nullptr);
  const auto ready = find_neighbors(source, index, index::Metric::l2, 14, 2),
             again = find_neighbors(source, index, index::Metric::l2, 14, 1);
  EXPECT_GT(share_found(ready, truth), 0.97);
  EXPECT_EQ(ready.places, again.places);
  EXPECT_EQ(ready.distances, again.distances);
}

TEST(FindNeighbors, FindNearlyAllOfManyRows) {
  const auto source =
      std::make_shared<MatrixRows>(test::clustered_matrix(17000, 4, 6, 1, 2000), std::size_t{500});
  const auto truth =
      find_neighbors(source, index::Flat(source, index::Metric::l2), index::Metric::l2, 14, 2);
  std::vector<std::uint64_t> told;
  const auto found = find_neighbors(source, index::Metric::l2, 14, 2,
                                    {[&](const Progress& p) { told.push_back(p.done); }, {}});
  EXPECT_NE(found.places, truth.places) << "a graph was to find them";
  EXPECT_GT(share_found(found, truth), 0.97);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_EQ(told.back(), 2 * found.rows);
}

/// Of all places and distances, in order.
std::uint64_t sum_of(const Neighbors& table) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < table.places.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(table.distances[i]);
    sum = random_bits(sum ^ bits, table.places[i]);
  }
  return sum;
}

// Printed by this test at the scalar level; `map.at_scalar` and `map.at_avx2` are that test at
// other levels.
TEST(FindNeighbors, AreTheSameOnEveryProcessor) {
  const auto exact = find_neighbors(
      std::make_shared<MatrixRows>(test::clustered_matrix(1000, 333, 6, 1), std::size_t{100}),
      index::Metric::cosine, 14, 2);
  EXPECT_EQ(sum_of(exact), 8151856077776702354U);
  const auto by_graph = find_neighbors(
      std::make_shared<MatrixRows>(test::clustered_matrix(13000, 200, 6, 1), std::size_t{100}),
      index::Metric::l2, 14, 2);
  EXPECT_EQ(sum_of(by_graph), 8977298818130732266U);
}

TEST(FindNeighbors, RefuseWhatHasNone) {
  Matrix rows = test::random_matrix(30, 4, 4);
  const auto find = [](Matrix values, index::Metric metric, std::size_t k) {
    find_neighbors(std::make_shared<MatrixRows>(std::move(values), 8), metric, k, 1);
  };
  EXPECT_THROW(find(rows, index::Metric::l2, 0), Error);
  EXPECT_THROW(find(rows, index::Metric::inner_product, 5), Error);
  EXPECT_THROW(find(Matrix(0, 4), index::Metric::l2, 5), Error);
  rows.row(17)[2] = std::numeric_limits<float>::quiet_NaN();
  try {
    find(rows, index::Metric::l2, 5);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("row 17"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace alike::map
