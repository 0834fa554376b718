#include "alike/index/codes/rabitq_index.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "alike/base/error.h"
#include "alike/index/flat/flat.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;
using test::random_matrix;

constexpr Metric kMetrics[] = {Metric::cosine, Metric::inner_product, Metric::l2};
constexpr std::size_t kBits[] = {1, 4, 8};

RabitqIndex coded(const std::shared_ptr<const RowSource>& rows, Metric metric,
                  std::size_t bits = 1) {
  return {rows, std::make_shared<const Codes>(*rows, metric, 1, bits)};
}

/// Codes of all rows but the last `missing` of each block.
class Partial final : public CodeSource {
 public:
  Partial(const RowSource& rows, Metric metric, std::size_t missing, std::size_t bits)
      : all_(rows, metric, 1, bits), missing_(missing) {}
  const Rabitq& coding() const override { return all_.coding(); }
  CodeBlock block(std::size_t i) const override {
    CodeBlock block = all_.block(i);
    block.rows -= std::min(block.rows, missing_);
    return block;
  }

 private:
  Codes all_;
  std::size_t missing_;
};

std::shared_ptr<MatrixRows> source(Matrix rows, std::size_t block_rows = 61) {
  return std::make_shared<MatrixRows>(std::move(rows), block_rows);
}

/// Queries with other ten neighbours than the exact scan, to the last bit, by codes of any
/// number of bits.
std::size_t different(const std::shared_ptr<const RowSource>& rows, MatrixView queries,
                      Metric metric, const SearchOptions& options = {}) {
  const auto truth = Flat(rows, metric).search_batch(queries, options);
  std::size_t most = 0;
  for (const std::size_t bits : kBits) {
    const auto found = coded(rows, metric, bits).search_batch(queries, options);
    std::size_t count = 0;
    for (std::size_t q = 0; q < queries.rows; ++q) {
      count += truth[q].neighbors == found[q].neighbors ? 0U : 1U;
      EXPECT_LE(found[q].rows_read, truth[q].rows_read);
    }
    most = std::max(most, count);
  }
  return most;
}

TEST(RabitqIndex, answers_as_flat_does_on_clustered_rows) {
  const auto rows = source(clustered_matrix(4000, 96, 1, 1));
  for (const Metric metric : kMetrics) {
    EXPECT_LE(different(rows, clustered_matrix(334, 96, 1, 2), metric), 1U) << name_of(metric);
  }
}

TEST(RabitqIndex, answers_as_flat_does_on_random_rows_of_uneven_length) {
  const auto rows = source(random_matrix(3000, 130, 3));
  for (const Metric metric : kMetrics) {
    EXPECT_LE(different(rows, random_matrix(334, 130, 4), metric), 1U) << name_of(metric);
  }
}

TEST(RabitqIndex, rereads_few_rows_in_full) {
  const auto rows = source(clustered_matrix(6000, 256, 5, 1, 100));
  const Matrix queries = clustered_matrix(20, 256, 5, 2, 100);
  for (const Metric metric : kMetrics) {
    for (const auto& result : coded(rows, metric).search_batch(queries, {})) {
      EXPECT_LT(result.rows_read, 600U) << name_of(metric);
      EXPECT_EQ(result.codes_read, 6000U);
    }
  }
}

TEST(RabitqIndex, rereads_fewer_rows_with_every_bit) {
  const auto rows = source(random_matrix(6000, 128, 5));
  const Matrix queries = random_matrix(20, 128, 6);
  for (const Metric metric : kMetrics) {
    double read[3] = {};
    for (std::size_t b = 0; b < 3; ++b) {
      for (const auto& result : coded(rows, metric, kBits[b]).search_batch(queries, {})) {
        read[b] += static_cast<double>(result.rows_read) / 20;
        EXPECT_EQ(result.codes_read, 6000U);
      }
    }
    EXPECT_LT(read[1], 0.1 * read[0]) << name_of(metric);
    EXPECT_LT(read[2], 0.5 * read[1]) << name_of(metric);
    EXPECT_LT(read[2], 20) << name_of(metric);
  }
}

TEST(RabitqIndex, answers_what_is_within_a_distance_as_flat_does) {
  const auto rows = source(clustered_matrix(4000, 96, 1, 1));
  const Matrix queries = clustered_matrix(20, 96, 1, 2);
  for (const Metric metric : kMetrics) {
    const auto last = Flat(rows, metric).search(queries.row(0), {.k = 40}).neighbors.back();
    const SearchOptions options{.k = 4000, .within = last.distance};
    EXPECT_EQ(different(rows, queries, metric, options), 0U) << name_of(metric);
    const auto found = coded(rows, metric).search(queries.row(0), options);
    EXPECT_EQ(found.neighbors.size(), 40U);
    EXPECT_LT(found.rows_read, 2000U) << name_of(metric);
    EXPECT_TRUE(coded(rows, metric).search(queries.row(0), {.within = -1e9F}).neighbors.empty());
  }
}

TEST(RabitqIndex, leaves_out_dead_rows_and_those_the_filter_refuses) {
  const auto rows = source(clustered_matrix(2000, 64, 6, 1));
  for (std::size_t r = 0; r < 2000; r += 3) rows->dead()[r] = 1;
  const Matrix queries = clustered_matrix(30, 64, 6, 2);
  for (const std::int64_t step : {2, 50, 5000}) {
    const SearchOptions options{.filter = [&](std::int64_t id) { return id % step == 1 % step; }};
    for (const Metric metric : kMetrics) {
      EXPECT_EQ(different(rows, queries, metric, options), 0U) << step << name_of(metric);
    }
  }
  EXPECT_EQ(coded(rows, Metric::l2).size(), 2000U - 667U);
}

TEST(RabitqIndex, does_not_depend_on_threads_or_company) {
  const auto rows = source(clustered_matrix(5000, 70, 7, 1), 13);
  const Matrix queries = clustered_matrix(140, 70, 7, 2);  // more than one pass
  for (const Metric metric : kMetrics) {
    for (const std::size_t bits : kBits) {
      const RabitqIndex index = coded(rows, metric, bits);
      const RabitqIndex also(rows, std::make_shared<const Codes>(*rows, metric, 3, bits));
      const auto batch = index.search_batch(queries, {.k = 20});
      const auto together = also.search_batch(queries, {.k = 20, .threads = 4});
      for (std::size_t q = 0; q < queries.rows(); ++q) {
        const auto alone = index.search(queries.row(q), {.k = 20, .threads = 2});
        for (const auto& other : {together[q], alone}) {
          EXPECT_EQ(batch[q].neighbors, other.neighbors);
          EXPECT_EQ(batch[q].rows_read, other.rows_read);
          EXPECT_EQ(batch[q].codes_read, other.codes_read);
        }
      }
    }
  }
}

TEST(RabitqIndex, reads_rows_without_codes_in_full) {
  const auto rows = source(clustered_matrix(1000, 64, 8, 1), 40);
  const Matrix queries = clustered_matrix(20, 64, 8, 2);
  for (const std::size_t missing : {0U, 3U, 40U}) {
    for (const std::size_t bits : kBits) {
      for (const Metric metric : kMetrics) {
        const auto codes = std::make_shared<const Partial>(*rows, metric, missing, bits);
        const auto found = RabitqIndex(rows, codes).search_batch(queries, {});
        const auto truth = Flat(rows, metric).search_batch(queries, {});
        for (std::size_t q = 0; q < queries.rows(); ++q) {
          EXPECT_EQ(found[q].neighbors, truth[q].neighbors);
          EXPECT_EQ(found[q].codes_read, 1000U - 25 * missing);
          EXPECT_GE(found[q].rows_read, 25 * missing);
        }
      }
    }
  }
}

TEST(RabitqIndex, orders_identical_rows_by_id) {
  Matrix rows(3000, 20);
  for (std::size_t r = 0; r < 3000; ++r) {
    for (std::size_t i = 0; i < 20; ++i) rows.row(r)[i] = static_cast<float>(i + r % 2);
  }
  const auto twins = source(std::move(rows));
  std::reverse(twins->ids().begin(), twins->ids().end());
  const Matrix queries = random_matrix(10, 20, 9);
  for (const Metric metric : kMetrics) EXPECT_EQ(different(twins, queries, metric), 0U);
}

TEST(RabitqIndex, keeps_rows_along_the_centre_in_the_order_of_flat) {
  // Multiples of one row: their codes have no error, and only rounding tells their distances apart.
  const Matrix line = random_matrix(1, 256, 7);
  Matrix rows(2000, 256);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = 0; i < 256; ++i) {
      rows.row(r)[i] = line.row(0)[i] * static_cast<float>(r % 97 + 1);
    }
  }
  const auto multiples = source(std::move(rows));
  for (const Metric metric : kMetrics) {
    EXPECT_EQ(different(multiples, random_matrix(100, 256, 8), metric), 0U) << name_of(metric);
  }
}

TEST(RabitqIndex, is_right_on_rows_of_one_number_and_of_zeros) {
  for (const std::size_t width : {1U, 2U, 3U}) {
    Matrix rows = random_matrix(500, width, 10);
    for (std::size_t r = 0; r < 500; r += 5) std::fill_n(rows.row(r).begin(), width, 0.0F);
    const auto some = source(std::move(rows));
    Matrix queries = random_matrix(40, width, 11);
    std::fill_n(queries.row(3).begin(), width, 0.0F);
    for (const Metric metric : kMetrics) {
      EXPECT_EQ(different(some, queries, metric), 0U) << width << ", " << name_of(metric);
    }
  }
  const auto zeros = source(Matrix(100, 7));
  for (const Metric metric : kMetrics) {
    EXPECT_EQ(different(zeros, random_matrix(5, 7, 12), metric), 0U);
  }
}

TEST(RabitqIndex, is_right_where_numbers_are_huge_or_tiny) {
  for (const float scale : {1e-30F, 1e-15F, 1e15F, 1e25F}) {
    Matrix rows = random_matrix(300, 30, 13), queries = random_matrix(10, 30, 14);
    for (std::size_t i = 0; i < 300 * 30; ++i) rows.data()[i] *= i % 7 == 0 ? scale : 1;
    for (std::size_t i = 0; i < 10 * 30; ++i) queries.data()[i] *= scale;
    const auto some = source(std::move(rows));
    for (const Metric metric : kMetrics) {
      EXPECT_EQ(different(some, queries, metric), 0U) << scale << ", " << name_of(metric);
    }
  }
}

TEST(RabitqIndex, gives_all_rows_for_any_larger_k) {
  const auto rows = source(random_matrix(90, 6, 15));
  const Matrix query = random_matrix(1, 6, 16);
  const RabitqIndex index = coded(rows, Metric::l2);
  for (const std::size_t k : {std::size_t{90}, std::size_t{91}, ~std::size_t{0}}) {
    EXPECT_EQ(index.search(query.row(0), {.k = k, .threads = 2}).neighbors,
              Flat(rows, Metric::l2).search(query.row(0), {.k = 90}).neighbors);
  }
  const auto nothing = source(Matrix(0, 6));
  EXPECT_TRUE(coded(nothing, Metric::l2).search(query.row(0), {}).neighbors.empty());
}

TEST(RabitqIndex, refuses_bad_queries) {
  const RabitqIndex index = coded(source(random_matrix(10, 6, 17)), Metric::cosine);
  std::vector<float> query(6, 1.0F);
  EXPECT_THROW(index.search(query, {.k = 0}), Error);
  EXPECT_THROW(index.search(std::span(query).first(5), {}), Error);
  query[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(index.search(query, {}), Error);
}

}  // namespace
}  // namespace alike::index
