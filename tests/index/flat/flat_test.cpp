#include "alike/index/flat/flat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "alike/base/error.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::MatrixRows;

constexpr Metric kMetrics[] = {Metric::cosine, Metric::inner_product, Metric::l2};

Matrix random_rows(std::size_t rows, std::size_t width, std::uint64_t seed) {
  return test::random_matrix(rows, width, seed);
}

std::shared_ptr<MatrixRows> random_source(std::size_t rows, std::size_t width, std::uint64_t seed,
                                          std::size_t block_rows = 37) {
  return std::make_shared<MatrixRows>(random_rows(rows, width, seed), block_rows);
}

/// The slow twin of a distance.
double distance(std::span<const float> a, std::span<const float> b, Metric metric) {
  double dot = 0, aa = 0, bb = 0, square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a[i], y = b[i];
    dot += x * y;
    aa += x * x;
    bb += y * y;
    square += (x - y) * (x - y);
  }
  if (metric == Metric::l2) return std::sqrt(square);
  if (metric == Metric::inner_product) return -dot;
  return aa > 0 && bb > 0 ? 1 - dot / std::sqrt(aa * bb) : 1;
}

/// Checks an answer against the distances of all rows `wanted` admits.
void expect_nearest(const SearchResult& result, const MatrixRows& source,
                    std::span<const float> query, Metric metric, std::size_t k,
                    const std::function<bool(std::size_t)>& wanted) {
  std::vector<double> truth;
  for (std::size_t r = 0; r < source.rows().rows(); ++r) {
    if (wanted(r)) truth.push_back(distance(query, source.rows().row(r), metric));
  }
  std::vector<double> sorted = truth;
  std::sort(sorted.begin(), sorted.end());

  EXPECT_EQ(result.rows_read, truth.size());
  ASSERT_EQ(result.neighbors.size(), std::min(k, truth.size()));
  EXPECT_TRUE(std::is_sorted(result.neighbors.begin(), result.neighbors.end()));
  for (std::size_t i = 0; i < result.neighbors.size(); ++i) {
    const Neighbor& neighbor = result.neighbors[i];
    const auto r = static_cast<std::size_t>(neighbor.id);
    EXPECT_TRUE(wanted(r));
    const double own = distance(query, source.rows().row(r), metric);
    EXPECT_NEAR(neighbor.distance, own, 1e-5 * (1 + std::abs(own)));
    EXPECT_NEAR(neighbor.distance, sorted[i], 1e-5 * (1 + std::abs(own)));
  }
}

void expect_same(const SearchResult& a, const SearchResult& b) {
  EXPECT_EQ(a.neighbors, b.neighbors);
  EXPECT_EQ(a.rows_read, b.rows_read);
}

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::busy;  // never thrown here
}

TEST(Metric, names_go_both_ways) {
  for (const Metric metric : kMetrics) EXPECT_EQ(metric_from(name_of(metric)), metric);
  EXPECT_EQ(code_of([] { metric_from("cosinus"); }), ErrorCode::invalid_argument);
}

TEST(Flat, finds_what_a_sort_of_all_distances_finds) {
  const auto source = random_source(500, 33, 1);
  for (std::size_t r = 3; r < 500; r += 7) source->dead()[r] = 1;
  const Matrix queries = random_rows(5, 33, 2);
  for (const Metric metric : kMetrics) {
    const Flat flat(source, metric);
    EXPECT_EQ(flat.size(), 500U - 71U);
    for (std::size_t q = 0; q < queries.rows(); ++q) {
      expect_nearest(flat.search(queries.row(q), {.k = 12}), *source, queries.row(q), metric, 12,
                     [&](std::size_t r) { return source->dead()[r] == 0; });
    }
  }
}

TEST(Flat, answers_only_what_passes_the_filter) {
  const auto source = random_source(300, 20, 3);
  source->dead()[10] = 1;
  const Matrix query = random_rows(1, 20, 4);
  for (const std::int64_t step : {2, 13, 1000}) {
    const Flat flat(source, Metric::cosine);
    const SearchOptions options{.k = 9,
                                .filter = [&](std::int64_t id) { return id % step == 5 % step; }};
    expect_nearest(
        flat.search(query.row(0), options), *source, query.row(0), Metric::cosine, 9,
        [&](std::size_t r) { return r != 10 && static_cast<std::int64_t>(r) % step == 5 % step; });
  }
  const auto none =
      Flat(source, Metric::l2).search(query.row(0), {.filter = [](auto) { return false; }});
  EXPECT_TRUE(none.neighbors.empty());
}

TEST(Flat, does_not_depend_on_the_number_of_threads) {
  const auto source = random_source(3000, 19, 5, 3);
  const Matrix queries = random_rows(9, 19, 6);
  for (const Metric metric : kMetrics) {
    const Flat flat(source, metric);
    const auto alone = flat.search_batch(queries, {.k = 20});
    for (const int threads : {2, 5}) {
      const auto together = flat.search_batch(queries, {.k = 20, .threads = threads});
      for (std::size_t q = 0; q < 9; ++q) expect_same(alone[q], together[q]);
    }
  }
}

TEST(Flat, answers_a_batch_as_it_answers_each_query) {
  const auto source = random_source(400, 2100, 7);
  source->dead()[77] = 1;
  const Matrix queries = random_rows(270, 2100, 8);  // more than one pass
  for (const Metric metric : kMetrics) {
    const Flat flat(source, metric);
    const auto batch = flat.search_batch(queries, {.k = 5});
    ASSERT_EQ(batch.size(), queries.rows());
    for (std::size_t q = 0; q < queries.rows(); q += 23) {
      expect_same(batch[q], flat.search(queries.row(q), {.k = 5}));
    }
  }
}

TEST(Flat, answers_batches_of_any_size_as_it_answers_each_query) {
  Matrix rows = random_rows(400, 40, 18);
  for (std::size_t r = 100; r < 200; ++r) {  // equal rows, and rows that differ by their last bits
    std::copy_n(rows.row(r % 10).begin(), 40, rows.row(r).begin());
    if (r % 3 == 0) rows.row(r)[r % 40] *= 1 + 0x1p-22F;
  }
  const auto source = std::make_shared<MatrixRows>(std::move(rows), 37);
  for (std::size_t r = 5; r < 400; r += 9) source->dead()[r] = 1;
  Matrix queries = random_rows(75, 40, 19);
  for (std::size_t q = 0; q < 10; ++q) {  // their own rows, at distances near 0
    std::copy_n(source->rows().row(q).begin(), 40, queries.row(q).begin());
  }
  for (const Metric metric : kMetrics) {
    const Flat flat(source, metric);
    const SearchOptions options{.k = 30, .filter = [](std::int64_t id) { return id % 7 != 3; }};
    for (const std::size_t count : {2U, 8U, 9U, 32U, 41U, 75U}) {
      const auto batch = flat.search_batch({queries.data(), count, 40}, options);
      for (std::size_t q = 0; q < count; ++q) {
        expect_same(batch[q], flat.search(queries.row(q), options));
      }
    }
  }
}

TEST(Flat, answers_batches_of_rows_that_bytes_tell_nothing_of) {
  constexpr std::size_t kRows = 1500;
  for (const float offset : {0.0F, 1000.0F}) {  // far from zero all bytes are equal
    Matrix rows = random_rows(kRows, 70, 31), queries = random_rows(64, 70, 32);
    for (std::size_t i = 0; i < kRows * 70; ++i) rows.data()[i] += offset;
    for (std::size_t i = 0; i < std::size_t{64} * 70; ++i) queries.data()[i] += offset;
    for (std::size_t r = 0; r < kRows; r += 3) rows.row(r)[r % 70] *= 1000;  // one large number
    const auto source = std::make_shared<MatrixRows>(std::move(rows), 37);
    for (const Metric metric : kMetrics) {
      const Flat flat(source, metric);
      const auto together = flat.search_batch(queries, {.k = 3});
      for (std::size_t q = 0; q < 64; ++q) {
        expect_same(together[q], flat.search(queries.row(q), {.k = 3}));
      }
    }
  }
}

TEST(Flat, orders_equal_distances_by_id) {
  Matrix rows(60, 8);
  for (std::size_t r = 0; r < 60; ++r) rows.row(r)[r % 2] = 1;  // two heaps of equal rows
  const auto source = std::make_shared<MatrixRows>(std::move(rows), 7);
  for (std::size_t r = 0; r < 60; ++r) source->ids()[r] = static_cast<std::int64_t>(1000 - r);
  const float query[8] = {2};
  for (const Metric metric : kMetrics) {
    const auto result = Flat(source, metric).search(query, {.k = 35, .threads = 2});
    ASSERT_EQ(result.neighbors.size(), 35U);
    for (std::size_t i = 0; i < 30; ++i) {
      EXPECT_EQ(result.neighbors[i].id, static_cast<std::int64_t>(942 + 2 * i));
    }
    for (std::size_t i = 30; i < 35; ++i) {
      EXPECT_EQ(result.neighbors[i].id, static_cast<std::int64_t>(941 + 2 * (i - 30)));
    }
  }
}

TEST(Flat, puts_zero_rows_and_zero_queries_at_cosine_distance_one) {
  Matrix rows(3, 4);
  rows.row(0)[0] = -1;
  rows.row(2)[0] = 5;
  const auto source = std::make_shared<MatrixRows>(std::move(rows), 2);
  const Flat flat(source, Metric::cosine);
  const float along[4] = {3}, zero[4] = {};
  EXPECT_EQ(flat.search(along, {}).neighbors,
            (std::vector<Neighbor>{{2, 0.0F}, {1, 1.0F}, {0, 2.0F}}));
  EXPECT_EQ(flat.search(zero, {}).neighbors,
            (std::vector<Neighbor>{{0, 1.0F}, {1, 1.0F}, {2, 1.0F}}));
}

TEST(Flat, measures_cosine_of_rows_and_queries_of_any_length) {
  const auto source = random_source(50, 12, 9);
  const Flat flat(source, Metric::cosine);
  Matrix query = random_rows(1, 12, 10);
  const auto plain = flat.search(query.row(0), {.k = 50});
  for (float& value : query.row(0)) value *= 0x1p100F;  // its square is beyond float
  EXPECT_EQ(flat.search(query.row(0), {.k = 50}).neighbors, plain.neighbors);
}

TEST(Flat, puts_distances_beyond_float_last) {
  Matrix rows(3, 2);
  rows.row(0)[0] = 3e38F;
  rows.row(0)[1] = -3e38F;  // its product with the query is infinity − infinity
  rows.row(1)[0] = 1;
  const auto source = std::make_shared<MatrixRows>(std::move(rows), 2);
  const float query[2] = {3e38F, 3e38F};
  for (const Metric metric : {Metric::inner_product, Metric::l2}) {
    const auto result = Flat(source, metric).search(query, {});
    ASSERT_EQ(result.neighbors.size(), 3U);
    if (metric == Metric::inner_product) {
      EXPECT_EQ(result.neighbors.back().id, 0);
    }
    EXPECT_EQ(result.neighbors.back().distance, std::numeric_limits<float>::infinity());
  }
}

TEST(Flat, gives_all_rows_for_any_larger_k) {
  const auto source = random_source(90, 6, 11);
  const Matrix query = random_rows(1, 6, 12);
  const Flat flat(source, Metric::l2);
  const auto all = flat.search(query.row(0), {.k = 90});
  EXPECT_EQ(all.neighbors.size(), 90U);
  for (const std::size_t k :
       {std::size_t{91}, std::size_t{1000000}, std::size_t{1000000000000000000}, ~std::size_t{0}}) {
    expect_same(flat.search(query.row(0), {.k = k, .threads = 2}), all);
  }
  EXPECT_EQ(flat.search(query.row(0), {.k = 1}).neighbors.front(), all.neighbors.front());
}

TEST(Flat, answers_nothing_from_an_empty_source) {
  const auto source = std::make_shared<MatrixRows>(Matrix(0, 6), 4);
  const Matrix query = random_rows(1, 6, 13);
  const Flat flat(source, Metric::cosine);
  const auto result = flat.search(query.row(0), {});
  EXPECT_TRUE(result.neighbors.empty());
  EXPECT_EQ(result.rows_read, 0U);
  EXPECT_EQ(flat.size(), 0U);
  EXPECT_TRUE(flat.search_batch({nullptr, 0, 6}, {}).empty());
}

TEST(Flat, refuses_bad_queries) {
  const auto source = random_source(10, 6, 14);
  Matrix query = random_rows(2, 6, 15);
  const Flat flat(source, Metric::cosine);
  const auto code = [&](const SearchOptions& options) {
    return code_of([&] { flat.search(query.row(1), options); });
  };
  EXPECT_EQ(code({.k = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.threads = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { flat.search(query.row(1).first(5), {}); }), ErrorCode::invalid_argument);
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    query.row(1)[4] = bad;
    EXPECT_EQ(code({}), ErrorCode::invalid_argument);
    EXPECT_EQ(code_of([&] { flat.search_batch(query, {}); }), ErrorCode::invalid_argument);
  }
}

TEST(Flat, passes_on_what_a_damaged_block_throws) {
  class Damaged final : public RowSource {
   public:
    std::size_t width() const override { return 6; }
    std::size_t block_count() const override { return good_.block_count(); }
    RowBlock block(std::size_t i) const override {
      if (i == 8) throw Error(ErrorCode::corrupt, "block 8 is damaged");
      return good_.block(i);
    }

   private:
    MatrixRows good_{random_rows(100, 6, 16), 10};
  };
  const Flat flat(std::make_shared<Damaged>(), Metric::cosine);
  const Matrix query = random_rows(1, 6, 17);
  for (const int threads : {1, 2}) {
    EXPECT_EQ(code_of([&] { flat.search(query.row(0), {.k = 3, .threads = threads}); }),
              ErrorCode::corrupt);
  }
}

TEST(Flat, answers_what_is_within_a_distance) {
  Matrix line(300, 1);
  for (std::size_t r = 0; r < 300; ++r) line.row(r)[0] = static_cast<float>(r);
  const auto rows = std::make_shared<MatrixRows>(line, 7);
  const float query = 100.25F;
  const MatrixView one{&query, 1, 1};
  const SearchOptions options{.k = 1000, .within = 2};
  const auto found = Flat(rows, Metric::l2).search_batch(one, options).front().neighbors;
  EXPECT_EQ(found, (std::vector<Neighbor>{{100, 0.25F}, {101, 0.75F}, {99, 1.25F}, {102, 1.75F}}));
  EXPECT_TRUE(Flat(rows, Metric::l2).search_batch(one, {.within = -1}).front().neighbors.empty());
  EXPECT_THROW(Flat(rows, Metric::l2).search_batch(one, {.within = std::nanf("")}), Error);
}

}  // namespace
}  // namespace alike::index
