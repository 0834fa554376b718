#include "alike/search/index_bench.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>
#include <numeric>
#include <set>

#include "alike/base/error.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/writer.h"
#include "alike/index/codes/rabitq.h"
#include "alike/index/graph/graph_index.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"
#include "tests/support/temporary_folder.h"

namespace alike::search {
namespace {

using collection::IndexKind;
using index::Metric;

constexpr std::size_t kRows = 4000, kWidth = 72, kQueries = 200;

class IndexBenchTest : public testing::Test {
 protected:
  IndexBenchTest() : collection_(collection::Collection::create(folder_.path(), home())) {}

  std::filesystem::path home() const { return folder_ / ".alike"; }
  void import(const Matrix& rows, const std::string& space, Metric metric = Metric::cosine) {
    collection::import_rows(collection_, rows, {}, space, metric);
  }
  IndexBench bench(const IndexBenchOptions& options) const {
    return bench_index(collection_, options);
  }
  void remove_items(collection::ItemId first, collection::ItemId last) const {
    collection::Writer writer(home());
    collection::Transaction transaction(writer.database(), true);
    for (collection::ItemId id = first; id < last; ++id) writer.catalog().remove_item(id);
    writer.commit(transaction);
  }
  ErrorCode code_of(const IndexBenchOptions& options, const Watcher& watcher = {}) const {
    try {
      bench_index(collection_, options, watcher);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::busy;  // never thrown here
  }

  test::TemporaryFolder folder_;
  collection::Collection collection_;
};

/// The k nearest of `rows` to row `own` but itself, by the definition of cosine.
std::set<std::int64_t> nearest(const Matrix& rows, std::size_t own, std::size_t k) {
  const auto dot = [&](std::size_t a, std::size_t b) {
    return std::inner_product(rows.row(a).begin(), rows.row(a).end(), rows.row(b).begin(), 0.0);
  };
  std::vector<std::pair<double, std::int64_t>> all;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    if (r == own) continue;
    all.emplace_back(-dot(r, own) / std::sqrt(dot(r, r)), static_cast<std::int64_t>(r));
  }
  std::ranges::sort(all);
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < k; ++i) ids.insert(all[i].second);
  return ids;
}

constexpr double kAims[] = {0.90, 0.95, 0.99};

/// The recall of a graph over `rows` for each aim, neighbour by neighbour.
std::vector<double> graph_recall(const Matrix& rows, std::size_t k) {
  const auto source = std::make_shared<test::MatrixRows>(rows, 61);
  const auto graph =
      std::make_shared<index::Graph>(index::make_graph(*source, Metric::cosine, {}, 1));
  index::measure_recall(*graph, source, 1);
  const index::GraphIndex searched(source, graph, nullptr);
  std::vector<double> found(std::size(kAims));
  for (std::size_t i = 0; i < kQueries; ++i) {
    const std::size_t own = (3 * i + 1) * kRows / (3 * kQueries);
    const std::vector<index::Node> without{static_cast<index::Node>(own)};
    const auto truth = nearest(rows, own, k);
    const MatrixView query{rows.row(own).data(), 1, kWidth};
    for (std::size_t a = 0; a < found.size(); ++a) {
      const auto answers =
          searched.search_batch_without(query, without, {.k = k, .recall = kAims[a]});
      for (const auto& neighbor : answers[0].neighbors) {
        found[a] += static_cast<double>(truth.count(neighbor.id));
      }
    }
  }
  for (double& each : found) each /= static_cast<double>(k * kQueries);
  return found;
}

TEST_F(IndexBenchTest, says_what_an_independent_count_says_and_a_graph_finds_what_it_aims_at) {
  const Matrix rows = test::clustered_matrix(kRows, kWidth, 1, 1, 3);
  import(rows, "mine");
  const IndexBench found = bench({.k = 5, .queries = kQueries, .threads = 2});
  EXPECT_EQ(found.space.name, "mine");
  EXPECT_EQ(found.k, 5U);
  EXPECT_EQ(found.queries, kQueries);
  EXPECT_EQ(found.rows, kRows);
  EXPECT_EQ(found.automatic, IndexKind::flat);
  ASSERT_EQ(found.lines.size(), 7U);
  EXPECT_EQ(found.lines[0].recall, 1);
  EXPECT_EQ(found.lines[1].recall, 1);
  const auto expected = graph_recall(rows, 5);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found.lines[4 + i].aim, kAims[i]);
    EXPECT_NEAR(found.lines[4 + i].recall, expected[i], 0.001);
    // The aim is of the queries that the graph was measured with; these are others: three errors.
    const double error = std::sqrt(kAims[i] * (1 - kAims[i]) / kQueries);
    EXPECT_GT(found.lines[4 + i].recall, kAims[i] - 3 * error);
  }
  EXPECT_LT(found.lines[4].recall, 1);  // else nothing would be counted here
}

TEST_F(IndexBenchTest, counts_what_is_read_and_what_it_takes) {
  import(test::clustered_matrix(kRows, kWidth, 1, 1, 100), "mine");
  const IndexBench found = bench({.queries = 20});
  ASSERT_EQ(found.lines.size(), 7U);
  const BenchLine &flat = found.lines[0], &coded = found.lines[1];
  EXPECT_EQ(flat.rows_read, static_cast<double>(kRows));
  EXPECT_EQ(flat.codes_read, 0);
  EXPECT_EQ(flat.memory_bytes, 0U);
  EXPECT_EQ(coded.codes_read, static_cast<double>(kRows));
  EXPECT_LT(coded.rows_read, static_cast<double>(kRows));
  EXPECT_EQ(coded.memory_bytes, kRows * index::Rabitq::bytes_per_row(kWidth));
  for (std::size_t i = 2; i < 4; ++i) {
    EXPECT_EQ(found.lines[i].recall, 1);
    EXPECT_LE(found.lines[i].rows_read, found.lines[i - 1].rows_read);
    EXPECT_GT(found.lines[i].memory_bytes, found.lines[i - 1].memory_bytes);
  }
  for (std::size_t i = 4; i < 7; ++i) {
    EXPECT_GT(found.lines[i].memory_bytes, kRows * kWidth);  // a byte for each number
    EXPECT_GE(found.lines[i].rows_read, 10);  // the ten that it answers, with their distances
    EXPECT_GT(found.lines[i].codes_read, found.lines[i].rows_read);
    EXPECT_LT(found.lines[i].codes_read, kRows);
    EXPECT_GE(found.lines[i].codes_read, found.lines[i - 1].codes_read * (i > 4 ? 1 : 0));
  }
  for (const BenchLine& line : found.lines) {
    EXPECT_EQ(line.aim.has_value(), line.kind == IndexKind::graph);
    EXPECT_EQ(line.bandwidth_share.has_value(), line.kind == IndexKind::flat);
    EXPECT_GE(line.p99_ms, line.p50_ms);
  }
}

/// What holds for the times of any machine, however busy it is.
TEST_F(IndexBenchTest, times_are_no_longer_than_the_whole_and_no_shorter_than_reading_takes) {
  import(test::clustered_matrix(kRows, kWidth, 1, 1, 100), "mine");
  const auto began = std::chrono::steady_clock::now();
  const IndexBench found = bench({.queries = 20});
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - began;
  ASSERT_EQ(found.lines.size(), 7U);
  double sum = 0, built = 0;
  for (const BenchLine& line : found.lines) {
    // Of 20 calls eleven took the median or longer, one of them p99; then three calls of all.
    sum += 1e-3 * (10 * line.p50_ms + line.p99_ms) + 3 * 20 / line.queries_per_second;
    EXPECT_EQ(line.build_seconds == 0, line.kind == IndexKind::flat);
    built += line.aim.value_or(0.99) == 0.99 ? line.build_seconds : 0;  // one graph for three aims
  }
  EXPECT_LT(sum + built, whole.count());
  // No processor reads a terabyte a second with one thread.
  constexpr double kBytes = kRows * kWidth * sizeof(float);
  const BenchLine& flat = found.lines[0];
  EXPECT_GT(1e-3 * flat.p50_ms, kBytes / 1e12);
  EXPECT_LT(flat.queries_per_second, 20 / (kBytes / 1e12));
  EXPECT_LT(found.read_bandwidth, 1e12);
  EXPECT_NEAR(flat.bandwidth_share.value() * found.read_bandwidth * 1e-3 * flat.p50_ms, kBytes, 1);
}

TEST_F(IndexBenchTest, measures_the_kinds_asked_for_each_once) {
  import(test::random_matrix(300, 20, 2), "one", Metric::l2);
  import(test::random_matrix(200, 30, 2), "two", Metric::inner_product);
  const IndexBench found = bench({.space = "two",
                                  .queries = 1000,
                                  .kinds = {IndexKind::coded, IndexKind::flat, IndexKind::coded}});
  EXPECT_EQ(found.queries, 200U);
  ASSERT_EQ(found.lines.size(), 2U);
  EXPECT_EQ(found.lines[0].kind, IndexKind::flat);
  EXPECT_EQ(found.lines[1].kind, IndexKind::coded);
  for (const std::string space : {"one", "two"}) {
    for (const BenchLine& line : bench({.space = space, .queries = 30}).lines) {
      EXPECT_GE(line.recall, line.aim ? 0.95 : 1) << space;
    }
  }
}

TEST_F(IndexBenchTest, looks_for_living_rows_among_living_rows) {
  import(test::clustered_matrix(kRows, kWidth, 1, 1, 100), "mine");
  remove_items(0, 500);
  const IndexBench found = bench({.queries = 40});
  EXPECT_EQ(found.rows, kRows - 500);
  EXPECT_EQ(found.lines[0].rows_read, static_cast<double>(kRows - 500));
  for (const BenchLine& line : found.lines) EXPECT_GT(line.recall, 0.8);
}

TEST_F(IndexBenchTest, counts_equal_distances_as_found) {
  import(Matrix(60, 8), "zeros", Metric::l2);
  const IndexBench found = bench({});
  for (const BenchLine& line : found.lines) EXPECT_EQ(line.recall, 1);
}

TEST_F(IndexBenchTest, asks_a_small_space_for_all_the_others) {
  import(test::random_matrix(7, 20, 3), "few");
  const IndexBench found = bench({});
  EXPECT_EQ(found.k, 6U);
  EXPECT_EQ(found.queries, 7U);
  for (const BenchLine& line : found.lines) EXPECT_EQ(line.recall, 1);
  remove_items(1, 7);
  EXPECT_EQ(code_of({}), ErrorCode::not_found);
  remove_items(0, 1);
  EXPECT_EQ(code_of({}), ErrorCode::not_found);
}

TEST_F(IndexBenchTest, refuses_what_is_out_of_range) {
  EXPECT_EQ(code_of({}), ErrorCode::not_found);  // no space yet
  import(test::random_matrix(30, 20, 3), "few");
  EXPECT_EQ(code_of({.space = "none"}), ErrorCode::not_found);
  for (const IndexBenchOptions& options :
       {IndexBenchOptions{.k = 0}, IndexBenchOptions{.k = kMostBenchNeighbors + 1},
        IndexBenchOptions{.queries = 0}, IndexBenchOptions{.queries = kMostBenchQueries + 1},
        IndexBenchOptions{.threads = 0}, IndexBenchOptions{.threads = -1},
        IndexBenchOptions{.kinds = {IndexKind::automatic}}}) {
    EXPECT_EQ(code_of(options), ErrorCode::invalid_argument);
  }
}

TEST_F(IndexBenchTest, tells_how_far_it_is_and_stops_when_asked) {
  import(test::random_matrix(300, 20, 3), "mine");
  std::stop_source stop;
  std::uint64_t told = 0;
  const auto report = [&](const Progress& progress) {
    EXPECT_LE(progress.done, progress.total);
    if (++told == 3) stop.request_stop();
  };
  EXPECT_EQ(code_of({}, {report, stop.get_token()}), ErrorCode::interrupted);
  EXPECT_EQ(told, 3U);
}

TEST(FastestLine, is_the_fastest_that_is_true_enough) {
  IndexBench bench;
  bench.lines = {{.kind = IndexKind::flat, .recall = 1, .p50_ms = 5, .queries_per_second = 900},
                 {.kind = IndexKind::coded, .recall = 1, .p50_ms = 2, .queries_per_second = 600},
                 {.kind = IndexKind::graph, .recall = 0.98, .p50_ms = 1}};
  bench.lines[2].queries_per_second = 5000;
  EXPECT_EQ(quickest_answer(bench, 0.99), &bench.lines[1]);
  EXPECT_EQ(most_answers(bench, 0.99), &bench.lines[0]);
  EXPECT_EQ(quickest_answer(bench, 0.98), &bench.lines[2]);
  EXPECT_EQ(most_answers(bench, 0.98), &bench.lines[2]);
  bench.lines.erase(bench.lines.begin(), bench.lines.begin() + 2);
  EXPECT_EQ(quickest_answer(bench, 0.99), nullptr);
  EXPECT_EQ(most_answers(bench, 0.99), nullptr);
}

}  // namespace
}  // namespace alike::search
