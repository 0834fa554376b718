#include "alike/index/graph/graph_index.h"
#include "alike/index/flat/flat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <set>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/index/rows/blocks_of.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"
#include "tests/support/recall.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;
using test::random_matrix;
using test::recall;

constexpr Metric kMetrics[] = {Metric::cosine, Metric::inner_product, Metric::l2};

GraphIndex indexed(const std::shared_ptr<const RowSource>& rows, Metric metric) {
  auto graph = std::make_shared<Graph>(make_graph(*rows, metric, {}, 2));
  measure_recall(*graph, rows, 2);
  return {rows, graph, nullptr};
}

std::shared_ptr<MatrixRows> source(Matrix rows) {
  return std::make_shared<MatrixRows>(std::move(rows), 61);
}

TEST(GraphIndex, finds_nearly_all_neighbours_at_their_exact_distances) {
  for (const Metric metric : kMetrics) {
    const auto rows = source(clustered_matrix(6000, 96, 1, 1, 200));
    const Matrix queries = clustered_matrix(100, 96, 1, 2, 200);
    const auto truth = Flat(rows, metric).search_batch(queries, {});
    const auto found = indexed(rows, metric).search_batch(queries, {});
    EXPECT_GT(recall(found, truth), 0.97) << name_of(metric);
    for (std::size_t q = 0; q < found.size(); ++q) {
      ASSERT_EQ(found[q].neighbors.size(), 10U);
      EXPECT_TRUE(std::ranges::is_sorted(found[q].neighbors));
      for (const Neighbor& neighbor : found[q].neighbors) {
        const auto same = std::ranges::find(truth[q].neighbors, neighbor.id, &Neighbor::id);
        if (same == truth[q].neighbors.end()) continue;
        EXPECT_EQ(neighbor.distance, same->distance);
      }
      EXPECT_LT(found[q].rows_read, 600U);
      EXPECT_GT(found[q].hops, 0U);
    }
  }
}

TEST(GraphIndex, finds_neighbours_in_many_clusters_far_from_each_other) {
  const auto rows = source(clustered_matrix(9000, 256, 14, 1, 300));
  const Matrix queries = clustered_matrix(100, 256, 14, 2, 300);
  const auto truth = Flat(rows, Metric::l2).search_batch(queries, {});
  const auto graph = std::make_shared<Graph>(make_graph(*rows, Metric::l2, {}, 2));
  const auto found = GraphIndex(rows, graph, nullptr).search_batch(queries, {.beam = 80});
  EXPECT_GT(recall(found, truth), 0.9);
}

TEST(GraphIndex, finds_the_largest_products_of_rows_of_uneven_length) {
  const auto rows = source(random_matrix(5000, 60, 3));
  const Matrix queries = random_matrix(60, 60, 4);
  const auto truth = Flat(rows, Metric::inner_product).search_batch(queries, {});
  EXPECT_GT(recall(indexed(rows, Metric::inner_product).search_batch(queries, {}), truth), 0.97);
}

/// Rows that make a graph fail: a share of zeros, one row far from all, few dimensions, copies, a
/// cone.
std::vector<std::pair<std::string, Matrix>> hard_rows() {
  std::vector<std::pair<std::string, Matrix>> all;
  Matrix zeros = clustered_matrix(4000, 48, 1, 1, 150);
  for (std::size_t r = 0; r < 4000; r += 40) std::ranges::fill(zeros.row(r), 0.0F);
  all.emplace_back("zeros", std::move(zeros));
  Matrix far = clustered_matrix(4000, 48, 1, 1, 150);
  for (float& value : far.row(7)) value *= 1e6F;
  all.emplace_back("far", std::move(far));
  all.emplace_back("one dimension", random_matrix(4000, 1, 3));
  all.emplace_back("two dimensions", random_matrix(4000, 2, 3));
  Matrix copies = random_matrix(4000, 48, 3);
  for (std::size_t r = 0; r < 4000; ++r)
    std::ranges::copy(copies.row(r / 20 * 20), copies.row(r).begin());
  all.emplace_back("copies", std::move(copies));
  Matrix cone = random_matrix(4000, 48, 3);
  for (std::size_t r = 0; r < 4000; ++r) {
    for (float& value : cone.row(r)) value = 100 + value;
  }
  all.emplace_back("cone", std::move(cone));
  return all;
}

TEST(GraphIndex, reaches_the_recall_asked_for_on_hard_rows_or_reads_all) {
  for (const auto& [name, rows] : hard_rows()) {
    const auto rows_of = source(rows);
    Matrix queries(100, rows.width());
    Random random(5);
    for (std::size_t q = 0; q < 100; ++q) {
      const auto near = rows.row(random.below(4000));
      for (std::size_t i = 0; i < rows.width(); ++i) {
        queries.row(q)[i] = near[i] + 0.05F * static_cast<float>(random.uniform() - 0.5);
      }
    }
    for (const Metric metric : {Metric::cosine, Metric::l2}) {
      const GraphIndex index = indexed(rows_of, metric);
      const auto truth = Flat(rows_of, metric).search_batch(queries, {});
      for (const double asked : {0.95, 0.99}) {
        const auto found = index.search_batch(queries, {.recall = asked});
        std::size_t right = 0;
        for (std::size_t q = 0; q < 100; ++q) {
          for (const Neighbor& each : found[q].neighbors) {
            if (each.distance <= truth[q].neighbors.back().distance) ++right;
          }
        }
        EXPECT_GE(static_cast<double>(right) / 1000, asked - 0.02)
            << name << name_of(metric) << asked;
        EXPECT_EQ(found[0].scanned, index.scans({.recall = asked}));
      }
    }
  }
}

TEST(GraphIndex, a_graph_that_was_not_measured_to_reach_the_recall_answers_as_flat_does) {
  const auto rows = source(clustered_matrix(3000, 64, 1, 1, 100));
  auto graph = std::make_shared<Graph>(make_graph(*rows, Metric::l2, {}, 2));
  graph->measured = {{10, 0.5F}, {4096, 0.9F}};
  const GraphIndex index(rows, graph, nullptr);
  const Matrix queries = clustered_matrix(20, 64, 1, 2, 100);
  const auto truth = Flat(rows, Metric::l2).search_batch(queries, {});
  const auto found = index.search_batch(queries, {.recall = 0.95});
  for (std::size_t q = 0; q < 20; ++q) EXPECT_EQ(found[q].neighbors, truth[q].neighbors);
  EXPECT_TRUE(found[0].scanned);
  EXPECT_FALSE(index.search_batch(queries, {.recall = 0.4})[0].scanned);
  const std::vector<Node> without(20, 5);
  for (const auto& each : index.search_batch_without(queries, without, {.recall = 0.95})) {
    EXPECT_EQ(each.neighbors.size(), 10U);
    EXPECT_EQ(std::ranges::count(each.neighbors, 5, &Neighbor::id), 0);
  }
}

TEST(GraphIndex, does_not_depend_on_threads_or_batches) {
  const auto rows = source(clustered_matrix(5000, 70, 5, 1));
  const Matrix queries = clustered_matrix(70, 70, 5, 2);
  const auto index = indexed(rows, Metric::cosine);
  const auto one = index.search_batch(queries, {});
  for (const int threads : {2, 4}) {
    const auto other = index.search_batch(queries, {.threads = threads});
    for (std::size_t q = 0; q < one.size(); ++q) EXPECT_EQ(one[q].neighbors, other[q].neighbors);
  }
  for (std::size_t q = 0; q < one.size(); ++q) {
    EXPECT_EQ(one[q].neighbors, index.search(queries.view().row(q), {}).neighbors);
  }
}

TEST(GraphIndex, answers_k_that_pass_a_filter_of_any_selectivity) {
  const auto rows = source(clustered_matrix(8000, 64, 6, 1, 100));
  const Matrix queries = clustered_matrix(40, 64, 6, 2, 100);
  const auto index = indexed(rows, Metric::l2);
  for (const std::int64_t every : {2, 10, 100, 1000}) {
    const SearchOptions options{.filter = [every](auto id) { return id % every == 0; }};
    const auto truth = Flat(rows, Metric::l2).search_batch(queries, options);
    const auto found = index.search_batch(queries, options);
    std::vector<std::int64_t> ids;
    for (std::int64_t id = 0; id < 8000; id += every) ids.push_back(id);
    const SearchOptions of_set{.filter = Filter::of(ids)};
    EXPECT_GE(recall(index.search_batch(queries, of_set), truth), 0.97) << "one in " << every;
    EXPECT_EQ(Flat(rows, Metric::l2).search(queries.row(0), of_set).neighbors, truth[0].neighbors);
    EXPECT_GE(recall(found, truth), 0.97) << "one in " << every;
    for (std::size_t q = 0; q < found.size(); ++q) {
      EXPECT_EQ(found[q].neighbors.size(), truth[q].neighbors.size());
      for (const auto& neighbor : found[q].neighbors) EXPECT_EQ(neighbor.id % every, 0);
    }
  }
}

TEST(GraphIndex, finds_what_passes_far_from_the_query) {
  const auto rows = source(clustered_matrix(20000, 16, 7, 1, 2));
  const auto index = indexed(rows, Metric::l2);
  const auto near = Flat(rows, Metric::l2).search(rows->rows().row(0), {.k = 9000});
  std::set<std::int64_t> close;
  for (const auto& neighbor : near.neighbors) close.insert(neighbor.id);
  SearchOptions options;
  options.filter = [&](std::int64_t id) { return !close.contains(id); };
  const auto found = index.search(rows->rows().row(0), options);
  EXPECT_EQ(found.neighbors.size(), 10U);
}

TEST(GraphIndex, leaves_out_dead_rows) {
  const auto rows = source(clustered_matrix(6000, 32, 8, 1));
  for (std::size_t i = 0; i < rows->dead().size(); i += 3) rows->dead()[i] = 1;
  const auto index = indexed(rows, Metric::l2);
  const Matrix queries = clustered_matrix(40, 32, 8, 2);
  const auto found = index.search_batch(queries, {});
  EXPECT_GT(recall(found, Flat(rows, Metric::l2).search_batch(queries, {})), 0.97);
  for (const auto& result : found) {
    EXPECT_EQ(result.neighbors.size(), 10U);
    for (const auto& neighbor : result.neighbors) EXPECT_NE(neighbor.id % 3, 0);
  }
  EXPECT_EQ(index.size(), 4000U);
}

TEST(GraphIndex, reads_the_rows_that_are_not_in_the_graph) {
  const auto all = std::make_shared<MatrixRows>(clustered_matrix(5000, 40, 9, 1), 100);
  std::vector<std::size_t> first(40), rest(10);
  std::iota(first.begin(), first.end(), 0U);
  std::iota(rest.begin(), rest.end(), 40U);
  const auto nodes = std::make_shared<BlocksOf>(all, first);
  const auto graph = std::make_shared<Graph>(make_graph(*nodes, Metric::l2, {}, 2));
  const GraphIndex index(nodes, graph, std::make_shared<BlocksOf>(all, rest));
  EXPECT_EQ(index.size(), 5000U);
  for (std::size_t r = 4000; r < 5000; r += 37) {
    EXPECT_EQ(index.search(all->rows().row(r), {.k = 1}).neighbors.front().id,
              static_cast<std::int64_t>(r));
  }
  const Matrix queries = clustered_matrix(40, 40, 9, 2);
  EXPECT_GT(
      recall(index.search_batch(queries, {}), Flat(all, Metric::l2).search_batch(queries, {})),
      0.95);
}

TEST(GraphIndex, finds_ten_of_ten_thousand_equal_rows) {
  Matrix rows = clustered_matrix(12000, 20, 10, 1);
  for (std::size_t r = 0; r < 10000; ++r) std::ranges::fill(rows.row(r), 0.125F);
  const auto all = source(rows);
  const auto found = indexed(all, Metric::l2).search(rows.row(0), {});
  ASSERT_EQ(found.neighbors.size(), 10U);
  for (const auto& neighbor : found.neighbors) EXPECT_EQ(neighbor.distance, 0);
}

TEST(GraphIndex, takes_rows_of_one_number_and_rows_of_zeros) {
  Matrix line(3000, 1);
  for (std::size_t r = 0; r < 3000; ++r) line.row(r)[0] = static_cast<float>(r);
  const auto index = indexed(source(line), Metric::l2);
  const float query = 1500.25F;
  EXPECT_EQ(index.search({&query, 1}, {.k = 1}).neighbors.front().id, 1500);

  const auto zeros = source(Matrix(3000, 8));
  const std::vector<float> one(8, 1);
  for (const Metric metric : kMetrics) {
    const auto found = indexed(zeros, metric).search(one, {});
    EXPECT_EQ(found.neighbors.size(), 10U);
    const float expected = metric == Metric::cosine ? 1
                           : metric == Metric::l2   ? std::sqrt(8.0F)
                                                    : 0;
    for (const auto& neighbor : found.neighbors) EXPECT_FLOAT_EQ(neighbor.distance, expected);
  }
}

TEST(GraphIndex, answers_all_rows_for_a_huge_k) {
  const auto rows = source(clustered_matrix(3000, 24, 11, 1));
  const auto index = indexed(rows, Metric::l2);
  EXPECT_EQ(index.search(rows->rows().row(5), {.k = 100000}).neighbors.size(), 3000U);
  EXPECT_EQ(index.search(rows->rows().row(5), {.k = 2500}).neighbors.size(), 2500U);
}

TEST(GraphIndex, answers_what_is_within_a_distance) {
  const auto rows = source(clustered_matrix(6000, 48, 13, 1));
  const auto index = indexed(rows, Metric::l2);
  const auto query = rows->rows().row(9);
  const float within = Flat(rows, Metric::l2).search(query, {.k = 30}).neighbors.back().distance;
  EXPECT_GE(index.search(query, {.k = 6000, .within = within}).neighbors.size(), 29U);
  const auto few = index.search(query, {.k = 10, .within = 0}).neighbors;
  EXPECT_EQ(few, (std::vector<Neighbor>{{9, 0}}));
}

TEST(GraphIndex, refuses_what_flat_refuses) {
  const auto index = indexed(source(clustered_matrix(100, 24, 12, 1)), Metric::l2);
  const std::vector<float> narrow(23);
  std::vector<float> query(24);
  EXPECT_THROW(index.search(narrow, {}), Error);
  EXPECT_THROW(index.search(query, {.k = 0}), Error);
  query[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(index.search(query, {}), Error);
}

}  // namespace
}  // namespace alike::index
