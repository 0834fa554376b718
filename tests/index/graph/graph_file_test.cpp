#include "alike/index/graph/graph_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/index/graph/graph_index.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;

/// Bytes that begin at a cache line, as those of a mapped file do.
std::shared_ptr<const AlignedBytes> aligned(std::span<const std::byte> bytes) {
  auto copy = std::make_shared<AlignedBytes>(bytes.size());
  std::ranges::transform(bytes, copy->begin(),
                         [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return copy;
}

Graph read(std::span<const std::byte> bytes) {
  const auto copy = aligned(bytes);
  return graph_from(std::as_bytes(std::span(*copy)), copy);
}

struct Made {
  std::shared_ptr<MatrixRows> rows;
  Graph graph;
};

Made made(std::size_t rows, std::size_t width, Metric metric = Metric::l2) {
  auto source = std::make_shared<MatrixRows>(clustered_matrix(rows, width, 1, 1), 61);
  Graph graph = make_graph(*source, metric, {.stride = 64, .degree = 8, .beam = 20}, 2);
  measure_recall(graph, source, 2);
  return {source, std::move(graph)};
}

TEST(GraphFile, comes_back_as_it_was) {
  for (const Metric metric : {Metric::cosine, Metric::inner_product, Metric::l2}) {
    for (const std::size_t width : {20U, 100U}) {
      const auto [rows, graph] = made(4000, width, metric);
      const auto again = std::make_shared<Graph>(read(bytes_of(graph)));
      EXPECT_EQ(bytes_of(*again), bytes_of(graph));
      const GraphIndex before(rows, std::make_shared<Graph>(graph), nullptr);
      const GraphIndex after(rows, again, nullptr);
      const Matrix queries = clustered_matrix(20, width, 1, 2);
      const auto a = before.search_batch(queries, {}), b = after.search_batch(queries, {});
      for (std::size_t q = 0; q < a.size(); ++q) EXPECT_EQ(a[q].neighbors, b[q].neighbors);
    }
  }
}

TEST(GraphFile, of_no_rows_comes_back) {
  const auto [rows, graph] = made(0, 20);
  EXPECT_EQ(read(bytes_of(graph)).links.nodes, 0U);
}

TEST(GraphFile, cut_short_anywhere_is_refused) {
  const auto [rows, graph] = made(70, 80);
  const auto bytes = bytes_of(graph);
  for (std::size_t size = 0; size < bytes.size(); size += size < 2000 ? 1 : 97) {
    EXPECT_THROW(read(std::span(bytes).first(size)), Error) << size;
  }
}

TEST(GraphFile, with_other_bytes_is_refused_or_searched_safely) {
  const auto [rows, graph] = made(3000, 80);
  const auto bytes = bytes_of(graph);
  Random random(5);
  std::size_t refused = 0;
  for (int i = 0; i < 10000; ++i) {
    auto other = bytes;
    // Half of the changes hit the head and the sections that steer a walk.
    const std::size_t most = i % 2 == 0 ? 128 : other.size();
    for (int change = 0; change <= i % 3; ++change) {
      other[random.below(most)] ^= static_cast<std::byte>(1 + random.below(255));
    }
    try {
      const auto read_back = std::make_shared<Graph>(read(other));
      const bool fits = read_back->links.nodes == 3000 && read_back->reduction.width() == 80;
      if (!fits) continue;
      const GraphIndex index(rows, read_back, nullptr);
      EXPECT_EQ(index.search(rows->rows().row(7), {.beam = 30}).neighbors.size(), 10U);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 2500U);
}

}  // namespace
}  // namespace alike::index
