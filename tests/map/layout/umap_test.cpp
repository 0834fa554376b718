#include "alike/map/layout/umap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/map/layout/spectral.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

FuzzyGraph graph_of(const Matrix& rows) {
  const auto table =
      find_neighbors(std::make_shared<test::MatrixRows>(rows, 64), index::Metric::l2, 14, 2);
  return fuzzy_graph(table, 14, 2);
}

Matrix laid_out(const FuzzyGraph& graph, const UmapOptions& options, int threads = 1,
                Simd level = simd_level()) {
  Umap layout(graph, options, {spectral_start(graph, options.seed, threads).points}, level);
  layout.advance(layout.steps(), threads);
  Matrix points(graph.rows(), 2);
  std::copy_n(layout.points().data, 2 * graph.rows(), points.data());
  return points;
}

bool equal(const Matrix& a, const Matrix& b) {
  return std::equal(a.data(), a.data() + 2 * a.rows(), b.data(), b.data() + 2 * b.rows());
}

bool finite(const Matrix& points) {
  return std::all_of(points.data(), points.data() + 2 * points.rows(),
                     [](float v) { return std::isfinite(v); });
}

double distance(const Matrix& points, std::size_t a, std::size_t b) {
  return std::hypot(points.row(a)[0] - points.row(b)[0], points.row(a)[1] - points.row(b)[1]);
}

TEST(Umap, is_the_same_for_any_threads_and_level) {
  const FuzzyGraph graph = graph_of(test::clustered_matrix(4500, 8, 1, 1));
  const UmapOptions options{.epochs = 12};
  const Matrix wanted = laid_out(graph, options, 1, Simd::scalar);
  for (const int threads : {1, 2, 4}) {
    for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
      if (level > simd_level()) continue;
      EXPECT_TRUE(equal(laid_out(graph, options, threads, level), wanted))
          << threads << " " << name_of(level);
    }
  }
  EXPECT_FALSE(equal(laid_out(graph, {.epochs = 12, .seed = 43}), wanted));
}

/// Rows 0 to 149 are linked to some hundred of the others each, so that many have more events an
/// epoch than a twin sorts by.
FuzzyGraph graph_with_hubs() {
  constexpr std::size_t kHubs = 150, kRows = 700;
  std::vector<std::vector<std::uint32_t>> links(kRows);
  Random random(1);
  for (std::uint32_t hub = 0; hub < kHubs; ++hub) {
    for (std::uint32_t row = kHubs; row < kRows; ++row) {
      if (random.below(700) >= 50 + 2 * hub) continue;
      links[hub].push_back(row);
      links[row].push_back(hub);
    }
  }
  FuzzyGraph graph;
  graph.begins.assign(1, 0);
  for (const auto& targets : links) {
    graph.targets.insert(graph.targets.end(), targets.begin(), targets.end());
    graph.begins.push_back(graph.targets.size());
  }
  graph.weights.assign(graph.targets.size(), 1);
  return graph;
}

TEST(Umap, is_the_same_at_every_level_for_rows_with_many_links) {
  const FuzzyGraph graph = graph_with_hubs();
  const UmapOptions options{.epochs = 5};
  const Matrix wanted = laid_out(graph, options, 1, Simd::scalar);
  for (const Simd level : {Simd::avx2, Simd::avx512}) {
    if (level > simd_level()) continue;
    EXPECT_TRUE(equal(laid_out(graph, options, 2, level), wanted)) << name_of(level);
  }
}

/// The rows of reference_umap.py: crowds around five points, or a bent sheet.
Matrix made(bool bend) {
  std::uint64_t state = 7;
  const auto drawn = [&](std::uint64_t below) {
    state = (1103515245 * state + 12345) % (std::uint64_t{1} << 31);
    return (state >> 16) % below;
  };
  Matrix rows(600, 12);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::uint64_t u = drawn(1000), v = drawn(1000), label = drawn(5);
    for (std::size_t j = 0; j < rows.width(); ++j) {
      const std::uint64_t flat = j == label ? 2000 : 0;
      const std::uint64_t bent = (j + 1) * u + (j * j % 7) * v + u * v * (j % 3) / 256;
      rows.row(i)[j] = static_cast<float>(bend ? bent + drawn(500) : flat + drawn(2000));
    }
  }
  return rows;
}

/// The places of the 15 nearest of each row, by the definition.
std::vector<std::vector<std::size_t>> nearest(const Matrix& rows) {
  std::vector<std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    std::vector<std::pair<double, std::size_t>> others;
    for (std::size_t j = 0; j < rows.rows(); ++j) {
      double squares = 0;
      for (std::size_t d = 0; d < rows.width(); ++d) {
        squares += std::pow(double{rows.row(i)[d]} - rows.row(j)[d], 2);
      }
      if (j != i) others.emplace_back(squares, j);
    }
    std::ranges::sort(others);
    found.emplace_back();
    for (std::size_t k = 0; k < 15; ++k) found.back().push_back(others[k].second);
  }
  return found;
}

/// reference_umap.py prints 0.3903 to 0.3969 for the crowds and 0.7840 to 0.7974 for the sheet.
TEST(Umap, keeps_the_share_of_neighbours_that_umap_learn_keeps) {
  for (const auto& [bend, share] : {std::pair{false, 0.3944}, {true, 0.7927}}) {
    const Matrix rows = made(bend);
    const auto truth = nearest(rows);
    const FuzzyGraph graph = graph_of(rows);
    double kept = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto on_map = nearest(laid_out(graph, {.seed = seed}, 2));
      for (std::size_t i = 0; i < rows.rows(); ++i) {
        for (const std::size_t place : truth[i]) {
          kept += std::ranges::count(on_map[i], place) > 0 ? 1.0 / (3 * 15 * 600) : 0;
        }
      }
    }
    std::printf("%.4f of the neighbours are kept, %.4f by umap-learn\n", kept, share);
    EXPECT_GT(kept, 0.95 * share) << (bend ? "sheet" : "crowds");
  }
}

TEST(Umap, draws_two_far_clusters_apart) {
  Matrix rows = test::random_matrix(400, 5, 3);
  for (std::size_t row = 200; row < 400; ++row) rows.row(row)[0] += 1000;
  const Matrix points = laid_out(graph_of(rows), {});
  ASSERT_TRUE(finite(points));
  double across = 1e9;
  for (std::size_t a = 0; a < 200; ++a) {
    for (std::size_t b = 200; b < 400; ++b) across = std::min(across, distance(points, a, b));
  }
  EXPECT_GT(across, 1);
}

TEST(Umap, draws_labels_apart_when_told_to) {
  FuzzyGraph graph = graph_of(test::random_matrix(500, 4, 4));
  std::vector<int> labels(500);
  for (std::size_t i = 0; i < 500; ++i) labels[i] = static_cast<int>(i % 2);
  const auto like = [&](const Matrix& points) {
    const auto near =
        find_neighbors(std::make_shared<test::MatrixRows>(points, 64), index::Metric::l2, 1, 1);
    std::size_t same = 0;
    for (std::size_t i = 0; i < 500; ++i) same += labels[i] == labels[near.places[i]] ? 1U : 0U;
    return static_cast<double>(same) / 500;
  };
  EXPECT_LT(like(laid_out(graph, {})), 0.65);
  pull_labels(graph, labels, 0.5, 1);
  EXPECT_GT(like(laid_out(graph, {})), 0.9);
}

TEST(Umap, is_finite_for_few_and_for_equal_rows) {
  for (const std::size_t rows : {1U, 2U, 3U, 16U, 300U}) {
    EXPECT_TRUE(finite(laid_out(graph_of(test::random_matrix(rows, 4, 5)), {}, 4))) << rows;
    const Matrix equal_rows = laid_out(graph_of(Matrix(rows, 4)), {}, 4);
    EXPECT_TRUE(finite(equal_rows)) << rows;
  }
  const Matrix points = laid_out(graph_of(test::random_matrix(16, 4, 6)), {});
  for (std::size_t a = 0; a < 16; ++a) {
    for (std::size_t b = 0; b < a; ++b) EXPECT_GT(distance(points, a, b), 0);
  }
}

TEST(Umap, goes_on_from_where_it_was) {
  const FuzzyGraph graph = graph_of(test::clustered_matrix(300, 8, 6, 1));
  const UmapOptions options{.epochs = 20};
  const Matrix start = spectral_start(graph, 1, 1).points;
  Umap whole(graph, options, {start});
  whole.advance(100, 1);
  EXPECT_EQ(whole.done(), 20U);
  Umap first(graph, options, {start});
  first.advance(7, 2);
  Matrix points(300, 2);
  std::copy_n(first.points().data, 600, points.data());
  Umap second(graph, options, {points, 1, first.done()});
  EXPECT_EQ(second.done(), 7U);
  second.advance(6, 1);
  second.advance(7, 2);
  EXPECT_TRUE(std::equal(whole.points().data, whole.points().data + 600, second.points().data));
}

TEST(Umap, keeps_near_its_start_at_a_low_rate) {
  const FuzzyGraph graph = graph_of(test::clustered_matrix(300, 8, 7, 1));
  const Matrix start = laid_out(graph, {});
  const auto moved = [&](double rate) {
    Umap layout(graph, {.epochs = 50, .seed = 5}, {start, rate});
    layout.advance(50, 1);
    double sum = 0;
    for (std::size_t i = 0; i < 600; ++i)
      sum += std::abs(layout.points().data[i] - start.data()[i]);
    return sum / 600;
  };
  EXPECT_LT(moved(0.05), 0.5 * moved(1));
}

TEST(Umap, stops_after_a_whole_step) {
  const FuzzyGraph graph = graph_of(test::clustered_matrix(300, 8, 8, 1));
  const Matrix start = spectral_start(graph, 1, 1).points;
  std::stop_source stop;
  std::vector<std::uint64_t> told;
  const Watcher watcher{[&](const Progress& progress) {
                          told.push_back(progress.done);
                          EXPECT_EQ(progress.total, 500U);
                          if (progress.done == 3) stop.request_stop();
                        },
                        stop.get_token()};
  Umap layout(graph, {}, {start});
  layout.advance(10, 2, watcher);
  EXPECT_EQ(told, (std::vector<std::uint64_t>{1, 2, 3}));
  Umap three(graph, {}, {start});
  three.advance(3, 1);
  EXPECT_TRUE(std::equal(three.points().data, three.points().data + 600, layout.points().data));
}

TEST(Umap, refuses_what_makes_no_map) {
  const FuzzyGraph graph = graph_of(test::random_matrix(20, 4, 9));
  const Matrix start(20, 2);
  const auto make = [&](const UmapOptions& options, UmapStart from) { Umap(graph, options, from); };
  EXPECT_NO_THROW(make({}, {start}));
  EXPECT_THROW(make({.neighbors = 1}, {start}), Error);
  EXPECT_THROW(make({.negatives = 0}, {start}), Error);
  EXPECT_THROW(make({.negatives = 8}, {start}), Error);
  EXPECT_THROW(make({.min_dist = 2}, {start}), Error);
  EXPECT_THROW(make({.repulsion = -1}, {start}), Error);
  EXPECT_THROW(make({.epochs = 1000000}, {start}), Error);
  EXPECT_THROW(make({}, {Matrix(19, 2)}), Error);
  EXPECT_THROW(make({}, {start, 0}), Error);
  Matrix bad = start;
  bad.row(3)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(make({}, {bad}), Error);
  EXPECT_THROW(Umap(FuzzyGraph{}, {}, {}), Error);
}

}  // namespace
}  // namespace alike::map
