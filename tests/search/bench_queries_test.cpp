#include "alike/search/bench_queries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "alike/index/rows/sampled_rows.h"
#include "tests/support/matrix_rows.h"

namespace alike::search {
namespace {

/// Rows that hold their number; ids are that and 1,000 more.
std::shared_ptr<test::MatrixRows> numbered(std::size_t rows) {
  Matrix matrix(rows, 3);
  for (std::size_t r = 0; r < rows; ++r) matrix.row(r)[1] = static_cast<float>(r);
  auto source = std::make_shared<test::MatrixRows>(std::move(matrix), 50);
  for (auto& id : source->ids()) id += 1000;
  return source;
}

void expect_right(const BenchQueries& queries, std::size_t count) {
  ASSERT_EQ(queries.ids.size(), count);
  ASSERT_EQ(queries.nodes.size(), count);
  ASSERT_EQ(queries.rows.rows(), count);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(queries.ids[i], static_cast<std::int64_t>(queries.nodes[i]) + 1000);
    EXPECT_EQ(queries.rows.row(i)[1], static_cast<float>(queries.nodes[i]));
  }
}

TEST(BenchQueries, are_spread_evenly) {
  const auto source = numbered(5000);
  const BenchQueries queries = bench_queries(*source, 5000, 130);
  expect_right(queries, 130);
  for (std::size_t i = 1; i < queries.nodes.size(); ++i) {
    EXPECT_NEAR(queries.nodes[i] - queries.nodes[i - 1], 5000. / 130, 1.01);
  }
}

TEST(BenchQueries, are_all_rows_where_as_many_are_wanted) {
  const auto source = numbered(120);
  const BenchQueries queries = bench_queries(*source, 120, 120);
  expect_right(queries, 120);
  EXPECT_EQ(std::set<index::Node>(queries.nodes.begin(), queries.nodes.end()).size(), 120U);
}

TEST(BenchQueries, are_living_rows) {
  const auto source = numbered(900);
  for (std::size_t r = 0; r < 900; ++r) source->dead()[r] = r < 400 || r % 3 == 0 ? 1 : 0;
  const std::uint64_t living = index::living_rows(*source);
  for (const std::size_t count : {std::size_t{40}, static_cast<std::size_t>(living)}) {
    const BenchQueries queries = bench_queries(*source, living, count);
    expect_right(queries, count);
    for (const index::Node node : queries.nodes) EXPECT_EQ(source->dead()[node], 0) << node;
  }
}

TEST(BenchQueries, are_not_those_that_a_graph_chooses_beams_by) {
  for (const std::size_t rows : {1400U, 5000U, 7777U}) {
    const auto source = numbered(rows);
    const index::SampledRows measured(source, 200);
    std::set<std::int64_t> ids;
    for (std::size_t i = 0; i < 200; ++i) ids.insert(measured.block(i).ids[0]);
    for (const std::size_t count : {10U, 100U, 200U}) {
      for (const std::int64_t id : bench_queries(*source, rows, count).ids) {
        EXPECT_EQ(ids.count(id), 0U) << rows << " rows, " << count << " queries, id " << id;
      }
    }
  }
}

}  // namespace
}  // namespace alike::search
