#include "alike/measure/clustering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/measure/learners/kmeans.h"
#include "tests/support/random_matrix.h"

namespace alike::measure {
namespace {

/// The numbers of reference_clustering.py.
std::vector<int> drawn(std::size_t count, std::uint64_t below, std::uint64_t& state) {
  std::vector<int> out;
  for (std::size_t i = 0; i < count; ++i) {
    state = (1103515245 * state + 12345) % (std::uint64_t{1} << 31);
    out.push_back(static_cast<int>((state >> 16) % below));
  }
  return out;
}

struct Golden {
  std::size_t rows;
  std::uint64_t classes, clusters;
  int kept;
  double nmi, ami, ari, accuracy, purity;
};

// tests/measure/reference_clustering.py, scikit-learn 1.9.1
constexpr std::array<Golden, 4> kGolden{{
    {60, 3, 3, 0, 0.041232122, 0.009263664, 0.013668868, 0.433333333, 0.466666667},
    {500, 7, 4, 60, 0.258796954, 0.250533989, 0.221450631, 0.424000000, 0.424000000},
    {500, 4, 9, 60, 0.368811648, 0.359294259, 0.420139261, 0.654000000, 0.730000000},
    {300, 5, 5, 90, 0.781440648, 0.777672580, 0.808746182, 0.920000000, 0.920000000},
}};

TEST(Agreement, is_that_of_scikit_learn) {
  for (const Golden& golden : kGolden) {
    std::uint64_t state = 42;
    const auto labels = drawn(golden.rows, golden.classes, state);
    auto clusters = drawn(golden.rows, golden.clusters, state);
    const auto coin = drawn(golden.rows, 100, state);
    for (std::size_t i = 0; i < golden.rows; ++i) {
      if (coin[i] < golden.kept) clusters[i] = labels[i] % static_cast<int>(golden.clusters);
    }
    const Agreement found = agreement(clusters, labels);
    EXPECT_NEAR(found.nmi, golden.nmi, 1e-6);
    EXPECT_NEAR(found.ami, golden.ami, 1e-6);
    EXPECT_NEAR(found.ari, golden.ari, 1e-6);
    EXPECT_NEAR(found.accuracy, golden.accuracy, 1e-6);
    EXPECT_NEAR(found.purity, golden.purity, 1e-6);
  }
}

// tests/measure/reference_clustering.py singletons
TEST(Agreement, of_rows_that_are_each_alone_is_that_of_scikit_learn) {
  for (const std::size_t rows : {2U, 5U, 40U, 300U}) {
    std::vector<int> alone(rows), turned(rows), some(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      alone[i] = static_cast<int>(i);
      turned[i] = static_cast<int>(rows - i);
      some[i] = static_cast<int>(i / 2);
    }
    EXPECT_EQ(agreement(alone, turned).ami, 1) << rows;
    EXPECT_NEAR(agreement(alone, turned).nmi, 1, 1e-12) << rows;
    EXPECT_EQ(agreement(alone, turned).ari, 1) << rows;
    EXPECT_NEAR(agreement(alone, some).ami, 0, 1e-9) << rows;
    EXPECT_NEAR(agreement(some, alone).ami, 0, 1e-9) << rows;
    EXPECT_NEAR(agreement(alone, std::vector<int>(rows, 1)).ami, 0, 1e-9) << rows;
  }
}

TEST(Agreement, is_1_where_only_the_names_differ_and_0_where_nothing_is_told) {
  const std::vector<int> labels{0, 0, 1, 1, 2, 2, -1}, renamed{5, 5, 0, 0, 9, 9, 3}, one(7, 4);
  const Agreement same = agreement(renamed, labels);
  EXPECT_NEAR(same.nmi, 1, 1e-12);
  EXPECT_NEAR(same.ami, 1, 1e-12);
  EXPECT_NEAR(same.ari, 1, 1e-12);
  EXPECT_EQ(same.accuracy, 1);
  EXPECT_EQ(same.rows, 6U);
  const Agreement nothing = agreement(one, labels);
  EXPECT_NEAR(nothing.nmi, 0, 1e-12);
  EXPECT_NEAR(nothing.ami, 0, 1e-12);
  EXPECT_NEAR(nothing.ari, 0, 1e-12);
  EXPECT_TRUE(std::isfinite(agreement(std::vector<int>{0}, std::vector<int>{0}).ami));
  EXPECT_THROW(agreement(one, std::vector<int>(7, -1)), Error);
  EXPECT_THROW(agreement(one, std::vector<int>(6, 0)), Error);
}

/// Lloyd's iteration as published, in doubles.
double lloyd(const Matrix& rows, const Matrix& start, std::vector<int>& clusters) {
  std::vector<std::vector<double>> centers;
  for (std::size_t c = 0; c < start.rows(); ++c) {
    centers.emplace_back(start.row(c).begin(), start.row(c).end());
  }
  clusters.assign(rows.rows(), -1);
  double inertia = 0;
  for (int round = 0; round < 100; ++round) {
    inertia = 0;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t c = 0; c < centers.size(); ++c) {
        double sum = 0;
        for (std::size_t j = 0; j < rows.width(); ++j) {
          sum += std::pow(double{rows.row(r)[j]} - centers[c][j], 2);
        }
        if (sum < least) least = sum, clusters[r] = static_cast<int>(c);
      }
      inertia += least;
    }
    for (std::size_t c = 0; c < centers.size(); ++c) {
      std::vector<double> sum(rows.width());
      double count = 0;
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (clusters[r] != static_cast<int>(c)) continue;
        ++count;
        for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += double{rows.row(r)[j]};
      }
      for (std::size_t j = 0; count > 0 && j < sum.size(); ++j) centers[c][j] = sum[j] / count;
    }
  }
  return inertia;
}

TEST(KMeans, goes_where_lloyds_iteration_goes) {
  for (const std::size_t clusters : {6U, 40U}) {
    const Matrix rows = test::clustered_matrix(60 * clusters, 9, 5, 1, clusters);
    Matrix start(clusters, 9);
    std::copy_n(rows.data(), clusters * 9, start.data());
    std::vector<int> wanted;
    const double inertia = lloyd(rows, start, wanted);
    const KMeans found =
        k_means_from(rows, start, {.clusters = clusters, .tolerance = 0, .threads = 2});
    EXPECT_EQ(found.clusters, wanted);
    EXPECT_NEAR(found.inertia, inertia, 1e-5 * inertia);
    EXPECT_GT(found.rounds, 3U);  // so that bounds have had something to do
  }
}

TEST(KMeans, is_that_of_its_seed_for_any_number_of_threads) {
  const Matrix rows = test::clustered_matrix(700, 40, 5, 1, 50);
  const KMeans one = k_means(rows, {.clusters = 40, .threads = 1});
  const KMeans three = k_means(rows, {.clusters = 40, .threads = 3});
  EXPECT_EQ(one.clusters, three.clusters);
  EXPECT_EQ(one.inertia, three.inertia);
  EXPECT_NE(one.clusters, k_means(rows, {.clusters = 40, .seed = 2}).clusters);
}

TEST(KMeans, leaves_no_cluster_empty_where_rows_differ) {
  Matrix rows = test::random_matrix(50, 3, 5), start(10, 3);
  for (std::size_t c = 0; c < 10; ++c) std::ranges::copy(rows.row(0), start.row(c).begin());
  const KMeans found = k_means_from(rows, start, {.clusters = 10});
  for (int c = 0; c < 10; ++c) EXPECT_GT(std::ranges::count(found.clusters, c), 0) << c;
  const KMeans equal = k_means(Matrix(20, 3), {.clusters = 4});  // nothing to be told apart by
  EXPECT_EQ(equal.inertia, 0);
  EXPECT_EQ(k_means(rows, {.clusters = 50}).clusters.size(), 50U);
}

TEST(KMeans, sees_small_differences_of_large_numbers) {
  Matrix rows = test::clustered_matrix(200, 6, 5, 1, 4), far = rows;
  for (std::size_t i = 0; i < 200 * 6; ++i) far.data()[i] += 4096;
  std::vector<int> wanted;
  Matrix start(4, 6);
  std::copy_n(far.data(), 24, start.data());
  lloyd(far, start, wanted);
  EXPECT_EQ(k_means_from(far, start, {.clusters = 4, .tolerance = 0}).clusters, wanted);
  far.row(7)[2] = 1e30F;
  EXPECT_THROW(k_means_from(far, start, {.clusters = 4}), Error);
}

TEST(KMeans, refuses_what_it_cannot_cluster) {
  Matrix rows = test::random_matrix(5, 3, 5);
  EXPECT_THROW(k_means(rows, {.clusters = 6}), Error);
  EXPECT_THROW(k_means(rows, {.clusters = 0}), Error);
  EXPECT_THROW(k_means_from(rows, Matrix(2, 4), {.clusters = 2}), Error);
  rows.row(3)[1] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(k_means(rows, {.clusters = 2}), Error);
}

TEST(Clusters, of_rows_that_lie_apart_are_the_classes) {
  const Matrix rows = test::clustered_matrix(300, 20, 5, 1, 4);
  std::vector<int> labels(300), none(300, 0);
  const KMeans found = k_means(rows, {.clusters = 4, .seed = 3});
  labels = found.clusters;
  const auto measured = measure_clusters(rows, labels, {.threads = 2});
  ASSERT_EQ(measured.size(), 5U);
  EXPECT_EQ(measured[0].name, "nmi");
  for (const Measure& measure : measured) EXPECT_GT(measure.value, 0.8) << measure.name;
  EXPECT_THROW(measure_clusters(rows, none, {}), Error);
}

}  // namespace
}  // namespace alike::measure
