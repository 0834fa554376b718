#include "alike/index/graph/graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "alike/index/rows/blocks_of.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;

void expect_equal(const Graph& a, const Graph& b) {
  ASSERT_EQ(a.links.nodes, b.links.nodes);
  EXPECT_EQ(a.entries, b.entries);
  for (std::size_t i = 0; i < a.links.nodes; ++i) {
    const auto node = static_cast<Node>(i);
    EXPECT_TRUE(std::ranges::equal(a.links.of(node), b.links.of(node))) << "node " << i;
  }
}

std::size_t reached(const Graph& graph) {
  std::vector<bool> seen(graph.links.nodes);
  std::vector<Node> open = graph.entries;
  for (const Node node : graph.layer_nodes) {
    if (node != kNoNode) open.push_back(node);
  }
  std::size_t count = 0;
  std::erase_if(open, [&](Node node) {
    const bool twice = seen[node];
    seen[node] = true;
    return twice;
  });
  while (!open.empty()) {
    const Node from = open.back();
    open.pop_back();
    ++count;
    for (const Node to : graph.links.of(from)) {
      if (!seen[to]) open.push_back(to);
      seen[to] = true;
    }
  }
  return count;
}

void expect_sound(const Graph& graph, std::size_t nodes, std::size_t degree) {
  EXPECT_EQ(graph.links.nodes, nodes);
  EXPECT_EQ(reached(graph), nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto node = static_cast<Node>(i);
    std::vector<Node> to(graph.links.of(node).begin(), graph.links.of(node).end());
    EXPECT_LE(to.size(), degree);
    std::ranges::sort(to);
    EXPECT_EQ(std::ranges::adjacent_find(to), to.end()) << "a link twice";
    EXPECT_FALSE(std::ranges::binary_search(to, node)) << "a link to itself";
  }
}

TEST(Graph, is_the_same_for_any_number_of_threads) {
  const MatrixRows rows(clustered_matrix(3000, 80, 1, 1), 61);
  const Graph one = make_graph(rows, Metric::l2, {}, 1);
  for (const int threads : {2, 4}) expect_equal(one, make_graph(rows, Metric::l2, {}, threads));
}

TEST(Graph, reaches_every_node_from_its_entries) {
  for (const Metric metric : {Metric::cosine, Metric::inner_product, Metric::l2}) {
    for (const std::size_t degree : {2U, 8U, 32U}) {
      const MatrixRows rows(clustered_matrix(2000, 48, 2, 1, 200), 50);
      expect_sound(make_graph(rows, metric, {.degree = degree, .beam = 40}, 2), 2000, degree);
    }
  }
}

TEST(Graph, of_equal_rows_reaches_them_all) {
  Matrix rows(3000, 30);
  std::fill_n(rows.data(), 3000 * 30, 0.5F);
  expect_sound(make_graph(MatrixRows(rows, 100), Metric::l2, {}, 2), 3000, 32);
}

TEST(Graph, of_few_rows) {
  for (const std::size_t count : {0U, 1U, 2U, 5U, 70U}) {
    const MatrixRows rows(clustered_matrix(count, 16, 3, 1), 7);
    expect_sound(make_graph(rows, Metric::l2, {}, 2), count, 32);
  }
}

TEST(Graph, takes_in_more_rows) {
  const auto all = std::make_shared<MatrixRows>(clustered_matrix(3000, 64, 4, 1), 100);
  std::vector<std::size_t> some(25);
  for (std::size_t i = 0; i < some.size(); ++i) some[i] = i;
  const Graph known = make_graph(BlocksOf(all, some), Metric::cosine, {}, 2);
  const Graph grown = make_graph(*all, Metric::cosine, {}, 1, &known);
  EXPECT_TRUE(std::ranges::equal(grown.reduction.parts().center, known.reduction.parts().center))
      << "made anew";
  expect_sound(grown, 3000, 32);
  expect_equal(grown, make_graph(*all, Metric::cosine, {}, 4, &known));
}

TEST(Graph, that_grows_a_few_rows_at_a_time_is_as_good_as_one_made_of_all) {
  const std::size_t rows = 2000;
  const auto all = std::make_shared<MatrixRows>(clustered_matrix(rows, 600, 7, 1), 1);
  std::vector<std::size_t> some{0, 1, 2};
  Graph grown = make_graph(BlocksOf(all, some), Metric::cosine, {}, 2);
  while (some.size() < rows) {
    for (std::size_t more = some.size() / 9 + 1; more > 0 && some.size() < rows; --more) {
      some.push_back(some.size());
    }
    grown = make_graph(BlocksOf(all, some), Metric::cosine, {}, 2, &grown);
  }
  Graph fresh = make_graph(*all, Metric::cosine, {}, 2);
  measure_recall(grown, all, 2);
  measure_recall(fresh, all, 2);
  for (const double recall : {0.9, 0.95, 0.98}) {
    EXPECT_LE(grown.beam_for(recall), 1.5 * static_cast<double>(fresh.beam_for(recall))) << recall;
  }
}

TEST(Graph, keeps_room_for_the_links_of_one_with_more) {
  const auto all = std::make_shared<MatrixRows>(clustered_matrix(2000, 32, 4, 1), 100);
  std::vector<std::size_t> some(15);
  for (std::size_t i = 0; i < some.size(); ++i) some[i] = i;
  const Graph known = make_graph(BlocksOf(all, some), Metric::l2, {.degree = 24, .beam = 40}, 2);
  const Graph grown = make_graph(*all, Metric::l2, {.degree = 4, .beam = 8}, 2, &known);
  expect_sound(grown, 2000, 24);
  EXPECT_EQ(grown.links.degree, 24U);
  std::vector<bool> gone(2000);
  for (std::size_t i = 0; i < gone.size(); i += 3) gone[i] = true;
  const Graph smaller = without_nodes(grown, gone, {.degree = 4, .beam = 8}, 2);
  expect_sound(smaller, 1333, 24);
}

TEST(Graph, of_more_rows_has_more_links) {
  EXPECT_EQ(degree_for(0), 32U);
  EXPECT_EQ(degree_for(199'999), 32U);
  EXPECT_EQ(degree_for(200'000), 48U);
}

TEST(Graph, loses_rows_and_still_reaches_the_others) {
  const MatrixRows rows(clustered_matrix(3000, 64, 6, 1), 100);
  const Graph graph = make_graph(rows, Metric::l2, {}, 2);
  for (const std::size_t every : {1U, 2U, 3U, 10U}) {
    std::vector<bool> gone(3000);
    std::size_t left = 0;
    for (std::size_t i = 0; i < gone.size(); ++i) {
      gone[i] = i % every == 0;
      left += gone[i] ? 0U : 1U;
    }
    const Graph smaller = without_nodes(graph, gone, {}, 1);
    expect_sound(smaller, left, 32);
    expect_equal(smaller, without_nodes(graph, gone, {}, 4));
  }
}

TEST(Graph, measures_its_recall) {
  const auto rows = std::make_shared<MatrixRows>(clustered_matrix(4000, 96, 5, 1, 100), 100);
  Graph graph = make_graph(*rows, Metric::l2, {}, 2);
  measure_recall(graph, rows, 2);
  ASSERT_FALSE(graph.measured.empty());
  EXPECT_GT(graph.measured.back().recall, 0.98F);
  EXPECT_LT(graph.measured.front().recall, graph.measured.back().recall);
  EXPECT_LE(graph.beam_for(0.8), graph.beam_for(0.99));
  EXPECT_EQ(graph.beam_for(2), graph.measured.back().beam);
}

}  // namespace
}  // namespace alike::index
