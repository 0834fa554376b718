#include "alike/index/graph/reduction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "alike/index/flat/distances.h"
#include "alike/index/kernels/i8_dot.h"
#include "alike/index/kernels/kernels.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

using test::clustered_matrix;
using test::MatrixRows;
using test::random_matrix;

AlignedBytes encoded(const Reduction& reduction, MatrixView rows) {
  AlignedBytes bytes(rows.rows * reduction.stride());
  reduction.encode(rows.data, rows.rows, bytes.data());
  return bytes;
}

/// (queries, rows): estimates of the reduction, or its lower bounds.
Matrix estimates(const Reduction& reduction, const AlignedBytes& rows, MatrixView queries,
                 bool least = false) {
  const Distances distances(reduction.metric(), queries);
  const auto reduced = reduction.queries(distances.queries());
  const std::size_t count = rows.size() / reduction.stride();
  std::vector<std::uint32_t> which(count);
  std::iota(which.begin(), which.end(), 0U);
  std::vector<std::int32_t> products(count);
  Matrix all(queries.rows, count);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    i8_dot()(reinterpret_cast<const std::int8_t*>(reduced[q].values.data()), rows.data(),
             reduction.stride(), which.data(), count, products.data());
    for (std::size_t r = 0; r < count; ++r) {
      const std::uint8_t* row = rows.data() + r * reduction.stride();
      const float estimate = reduction.distance(reduced[q], row, products[r]);
      all.row(q)[r] = least ? reduction.least(estimate, reduced[q], row) : estimate;
    }
  }
  return all;
}

double squared(std::span<const float> a, std::span<const float> b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.0, std::plus<>(),
                               [](double x, double y) { return (x - y) * (x - y); });
}

TEST(Reduction, of_narrow_rows_is_their_distance_but_for_rounding) {
  const Matrix rows = clustered_matrix(300, 40, 1, 1), queries = clustered_matrix(20, 40, 1, 2);
  const auto reduction = Reduction::fit(MatrixRows(rows, 50), Metric::l2, 64, 1);
  EXPECT_EQ(reduction.parts().dimensions, 40U);
  const Matrix all = estimates(reduction, encoded(reduction, rows), queries);
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const double truth = squared(queries.row(q), rows.row(r));
      EXPECT_NEAR(all.row(q)[r], truth, 0.15 * std::sqrt(truth) + 0.02);
    }
  }
}

TEST(Reduction, has_no_more_components_than_rows) {
  for (const std::size_t rows : {0U, 1U, 3U}) {
    const auto reduction =
        Reduction::fit(MatrixRows(clustered_matrix(rows, 1280, 3, 1), 50), Metric::cosine, 328, 1);
    EXPECT_EQ(reduction.parts().dimensions, std::max<std::size_t>(1, rows));
  }
}

TEST(Reduction, never_takes_for_the_least_what_is_more) {
  const Matrix rows = clustered_matrix(500, 300, 3, 1), queries = clustered_matrix(20, 300, 3, 2);
  const auto reduction = Reduction::fit(MatrixRows(rows, 50), Metric::l2, 64, 1);
  EXPECT_EQ(reduction.parts().dimensions, 52U);
  const Matrix all = estimates(reduction, encoded(reduction, rows), queries, true);
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const double truth = squared(queries.row(q), rows.row(r));
      EXPECT_LT(all.row(q)[r], truth + 0.15 * std::sqrt(truth) + 0.02);
    }
  }
}

/// How many of the ten nearest are among the ten with the smallest of `numbers`.
std::size_t found_of_ten(std::span<const float> numbers, std::span<const double> truth) {
  const auto tenth = [](auto values) {
    std::nth_element(values.begin(), values.begin() + 9, values.end());
    return values[9];
  };
  const float limit = tenth(std::vector<float>(numbers.begin(), numbers.end()));
  const double nearest = tenth(std::vector<double>(truth.begin(), truth.end()));
  std::size_t found = 0;
  for (std::size_t r = 0; r < truth.size(); ++r) {
    found += numbers[r] <= limit && truth[r] <= nearest ? 1U : 0U;
  }
  return found;
}

TEST(Reduction, ranks_rows_whose_rests_have_nothing_in_common_better_than_its_bound) {
  Matrix rows = clustered_matrix(2000, 900, 9, 1, 20);
  const Matrix queries = clustered_matrix(30, 900, 9, 2, 20);
  Random random(10);
  for (std::size_t r = 0; r < rows.rows(); ++r) {  // unevenly far from the kept components
    const auto far = static_cast<float>(random.uniform());
    for (float& value : rows.row(r)) value += far * static_cast<float>(random.uniform() - 0.5);
  }
  const auto reduction = Reduction::fit(MatrixRows(rows, 50), Metric::l2, 64, 1);
  const auto bytes = encoded(reduction, rows);
  const Matrix likely = estimates(reduction, bytes, queries);
  const Matrix least = estimates(reduction, bytes, queries, true);
  std::size_t by_estimate = 0, by_bound = 0;
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    std::vector<double> truth;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      truth.push_back(squared(queries.row(q), rows.row(r)));
    }
    by_estimate += found_of_ten(likely.row(q), truth);
    by_bound += found_of_ten(least.row(q), truth);
  }
  EXPECT_GT(by_estimate, by_bound + 15) << "of 300";
}

TEST(Reduction, keeps_all_variance_of_rows_in_a_small_subspace) {
  const Matrix few = random_matrix(30, 400, 7);
  Matrix rows(600, 400);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = 0; i < 400; ++i) {
      rows.row(r)[i] = few.row(r % 30)[i] + 0.5F * few.row((7 * r + 3) % 30)[i];
    }
  }
  const auto reduction = Reduction::fit(MatrixRows(rows, 64), Metric::l2, 64, 1);
  EXPECT_GT(reduction.parts().explained, 0.9999);
  const auto component = [&](std::size_t c) {
    std::vector<float> numbers;
    for (std::size_t i = 0; i < 400; ++i) {
      numbers.push_back(reduction.parts().components[(c / kPanelQueries * 400 + i) * kPanelQueries +
                                                     c % kPanelQueries]);
    }
    return numbers;
  };
  for (std::size_t a = 0; a < reduction.parts().dimensions; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      const auto x = component(a), y = component(b);
      EXPECT_NEAR(std::inner_product(x.begin(), x.end(), y.begin(), 0.0), a == b ? 1 : 0, 1e-4);
    }
  }
}

TEST(Reduction, is_the_same_for_any_number_of_threads) {
  const Matrix rows = clustered_matrix(700, 200, 5, 1);
  const MatrixRows source(rows, 50);
  const auto one = Reduction::fit(source, Metric::cosine, 128, 1);
  for (const int threads : {2, 4}) {
    const auto other = Reduction::fit(source, Metric::cosine, 128, threads);
    EXPECT_EQ(encoded(one, rows), encoded(other, rows)) << threads;
  }
}

TEST(Reduction, orders_uneven_rows_by_product) {
  const Matrix rows = random_matrix(800, 100, 11), queries = random_matrix(20, 100, 12);
  const auto reduction = Reduction::fit(MatrixRows(rows, 64), Metric::inner_product, 128, 1);
  const Matrix all = estimates(reduction, encoded(reduction, rows), queries);
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    std::size_t best = 0;
    double largest = -1e30;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const double product =
          std::inner_product(rows.row(r).begin(), rows.row(r).end(), queries.row(q).begin(), 0.0);
      if (product > largest) best = r;
      largest = std::max(largest, product);
    }
    std::size_t nearer = 0;
    for (const float estimate : all.row(q)) nearer += estimate < all.row(q)[best] ? 1U : 0U;
    EXPECT_LT(nearer, 5U) << "query " << q;
  }
}

TEST(Reduction, takes_a_row_as_a_query) {
  const Matrix rows = clustered_matrix(100, 90, 2, 1);
  const auto reduction = Reduction::fit(MatrixRows(rows, 50), Metric::l2, 128, 1);
  const auto bytes = encoded(reduction, rows);
  ReducedQuery query;
  reduction.as_query(bytes.data() + 7 * reduction.stride(), query);
  const std::uint32_t which[] = {7, 8};
  std::int32_t products[2];
  i8_dot()(reinterpret_cast<const std::int8_t*>(query.values.data()), bytes.data(),
           reduction.stride(), which, 2, products);
  EXPECT_NEAR(reduction.distance(query, bytes.data() + 7 * reduction.stride(), products[0]), 0,
              1e-3);
  const double truth = squared(rows.row(7), rows.row(8));
  EXPECT_NEAR(reduction.distance(query, bytes.data() + 8 * reduction.stride(), products[1]), truth,
              0.1 * truth);
}

TEST(Reduction, gives_a_finite_estimate_for_rows_of_any_size) {
  Matrix rows(6, 70);
  for (float& value : rows.row(1)) value = std::numeric_limits<float>::denorm_min();
  for (float& value : rows.row(2)) value = 1e-20F;
  for (float& value : rows.row(3)) value = 1;
  for (float& value : rows.row(4)) value = 1e18F;
  for (float& value : rows.row(5)) value = std::numeric_limits<float>::max();
  for (const Metric metric : {Metric::cosine, Metric::inner_product, Metric::l2}) {
    const auto reduction = Reduction::fit(MatrixRows(rows, 2), metric, 128, 1);
    const Matrix all = estimates(reduction, encoded(reduction, rows), rows);
    for (std::size_t i = 0; i < 36; ++i) {
      EXPECT_FALSE(std::isnan(all.data()[i])) << name_of(metric);
      EXPECT_GE(all.data()[i], 0) << name_of(metric);
    }
  }
}

TEST(Reduction, of_no_rows_or_equal_rows_is_fine) {
  for (const std::size_t count : {0U, 1U, 9U}) {
    Matrix rows(count, 300);
    std::fill_n(rows.data(), count * 300, 0.25F);
    const auto reduction = Reduction::fit(MatrixRows(rows, 4), Metric::l2, 64, 2);
    const Matrix all = estimates(reduction, encoded(reduction, rows), rows);
    for (std::size_t i = 0; i < count * count; ++i) EXPECT_NEAR(all.data()[i], 0, 1e-6);
  }
}

}  // namespace
}  // namespace alike::index
