// The work of each index for a fixed set of queries, in numbers that do not depend on the machine:
// the gate for speed. `ctest -R Counters --verbose` prints those of today; after a change that is
// meant to change them, they are written here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "alike/index/codes/rabitq_index.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_index.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;

struct Counters {
  double rows_read = 0, codes_read = 0, hops = 0, recall = 0;
};

Counters count(const VectorIndex& index, const std::shared_ptr<const MatrixRows>& rows,
               const SearchOptions& options) {
  const Matrix queries = clustered_matrix(200, 160, 21, 2, 150);
  const auto found = index.search_batch(queries, options);
  const auto truth = Flat(rows, Metric::l2).search_batch(queries, options);
  Counters counters;
  for (std::size_t q = 0; q < found.size(); ++q) {
    counters.rows_read += static_cast<double>(found[q].rows_read) / 200;
    counters.codes_read += static_cast<double>(found[q].codes_read) / 200;
    counters.hops += static_cast<double>(found[q].hops) / 200;
    for (const Neighbor& neighbor : found[q].neighbors) {
      counters.recall += std::ranges::count(truth[q].neighbors, neighbor) != 0 ? 1.0 / 2000 : 0;
    }
  }
  std::printf("rows read %.3f, codes read %.3f, hops %.3f, recall %.4f\n", counters.rows_read,
              counters.codes_read, counters.hops, counters.recall);
  return counters;
}

/// Levels round differently, so that a few queries go another way.
void expect_near(const Counters& counted, const Counters& golden) {
  EXPECT_NEAR(counted.rows_read, golden.rows_read, 0.01 * golden.rows_read);
  EXPECT_NEAR(counted.codes_read, golden.codes_read, 0.01 * golden.codes_read);
  EXPECT_NEAR(counted.hops, golden.hops, 0.01 * golden.hops);
  EXPECT_NEAR(counted.recall, golden.recall, 0.01);
}

class CountersTest : public testing::Test {
 protected:
  std::shared_ptr<MatrixRows> rows_ =
      std::make_shared<MatrixRows>(clustered_matrix(6000, 160, 21, 1, 150), 200);
};

TEST_F(CountersTest, of_flat) {
  expect_near(count(Flat(rows_, Metric::l2), rows_, {}), {6000, 0, 0, 1});
}

TEST_F(CountersTest, of_coded) {
  const auto codes = std::make_shared<const Codes>(*rows_, Metric::l2, 2);
  expect_near(count(RabitqIndex(rows_, codes), rows_, {}), {39.75, 6000, 0, 1});
  const auto more = std::make_shared<const Codes>(*rows_, Metric::l2, 2, 4);
  expect_near(count(RabitqIndex(rows_, more), rows_, {}), {33.33, 6000, 0, 1});
}

TEST_F(CountersTest, of_a_graph) {
  const auto graph = std::make_shared<const Graph>(make_graph(*rows_, Metric::l2, {}, 2));
  const GraphIndex index(rows_, graph, nullptr);
  expect_near(count(index, rows_, {.beam = 40}), {11.47, 224.16, 45.935, 0.93});
  SearchOptions filtered{.beam = 40};
  filtered.filter = [](std::int64_t id) { return id % 3 == 0; };
  expect_near(count(index, rows_, filtered), {10.465, 2000, 0, 1});
}

}  // namespace
}  // namespace alike::index
