#include "alike/map/reading/clusters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/map/reading/spanning_tree.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using Place = std::pair<double, double>;

/// As in reference_hdbscan.py.
Matrix clumps(std::size_t count, const std::vector<Place>& centers, std::uint64_t seed) {
  Random random(seed);
  Matrix points(count, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& center = centers[i % centers.size()];
    for (const std::size_t axis : {0U, 1U}) {
      double spread = 0;
      for (int draw = 0; draw < 4; ++draw) spread += random.uniform() - 0.5;
      const double middle = axis == 0 ? center.first : center.second;
      if (i % 10 == 9) {
        points.row(i)[axis] = static_cast<float>(20 * random.uniform());
      } else {
        points.row(i)[axis] = static_cast<float>(middle + spread);
      }
    }
  }
  return points;
}

const std::vector<Place> kFour{{4, 4}, {6.5, 4}, {10, 15}, {16, 7}};

double squared(MatrixView points, std::size_t a, std::size_t b) {
  const double dx = double{points.row(a)[0]} - points.row(b)[0];
  const double dy = double{points.row(a)[1]} - points.row(b)[1];
  return dx * dx + dy * dy;
}

/// The slow obvious twin: Kruskal's algorithm on all pairs.
std::vector<SpanningEdge> all_pairs_tree(MatrixView points, std::size_t min_samples) {
  const auto n = static_cast<std::uint32_t>(points.rows);
  std::vector<double> core(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    std::vector<double> distances;
    for (std::uint32_t j = 0; j < n; ++j) distances.push_back(squared(points, i, j));
    std::ranges::sort(distances);
    core[i] = distances[std::min<std::size_t>(min_samples, n) - 1];
  }
  std::vector<SpanningEdge> all, tree;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = i + 1; j < n; ++j) {
      all.push_back({std::max({squared(points, i, j), core[i], core[j]}), i, j});
    }
  }
  std::sort(all.begin(), all.end());
  std::vector<std::uint32_t> part(n);
  std::iota(part.begin(), part.end(), 0U);
  for (const auto& edge : all) {
    const auto from = part[edge.a], to = part[edge.b];
    if (from == to) continue;
    std::ranges::replace(part, from, to);
    tree.push_back(edge);
  }
  return tree;
}

TEST(SpanningTree, IsTheLeastOfAllPairs) {
  for (const std::size_t n : {2U, 3U, 13U, 60U, 400U}) {
    for (const std::size_t samples : {1U, 5U, 500U}) {
      Matrix points = test::random_matrix(n, 2, n);
      EXPECT_EQ(spanning_tree(points, samples, 2), all_pairs_tree(points, samples));
      for (std::size_t i = 0; i < n; ++i) {  // many equal points and distances
        for (auto& value : points.row(i)) value = std::floor(3 * value);
      }
      EXPECT_EQ(spanning_tree(points, samples, 1), all_pairs_tree(points, samples));
    }
  }
}

TEST(SpanningTree, TakesManyEqualPoints) {
  EXPECT_EQ(spanning_tree(Matrix(50'000, 2), 10, 2).size(), 49'999U);
  EXPECT_TRUE(spanning_tree(Matrix(1, 2), 10, 2).empty());
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(spanning_tree(Matrix(9, 2), 1, 1, {{}, source.get_token()}), Error);
}

/// As reference_hdbscan.py prints it: the largest cluster is A; points of none are dots.
std::string letters_of(const Clusters& found) {
  std::string letters;
  for (const auto cluster : found.cluster) {
    letters += cluster < 0 ? '.' : static_cast<char>('A' + cluster);
  }
  return letters;
}

std::vector<std::uint64_t> counts_of(const Clusters& found) {
  std::vector<std::uint64_t> counts;
  for (const auto& cluster : found.clusters) counts.push_back(cluster.count);
  return counts;
}

TEST(Clusters, AreThoseOfScikitLearn) {
  struct Line {
    ClusterSelection selection;
    std::size_t size, samples;
    int unlike;  // points at most: core distances tie, and ties may be taken in any order
    std::string letters;
  };
  const auto stable = ClusterSelection::stable, leaf = ClusterSelection::leaf;
  const Matrix points = clumps(300, kFour, 5);
  for (const auto& line : std::vector<Line>{
           {stable, 10, 1, 0,
            "B.AC.DACBBACBDACB.A.BDACBDACBCACBDACBDA.BDACBDAC..ACBDACBDAA.DACB.ACB.ACBDA"
            "C.DA.BDACBBACBAACBDACBDA.BDACBDACBDACBDACB.ACBDACB.ACBAACBDACBDABB.ACB.ACBA"
            "ACBBACBDAABDAC.DACB.ACBDACBDA.BDACBDACBAACBDACBDA.BDACBDACB.ACBDACBDA.BBACB"
            "DACB.ACB.ACBDA.BDACBDACB.ACBDACBDAABDACBDACB.ACB.ACBDAABDAC..ACB.AC.DACBDAA"},
           {stable, 20, 10, 2,
            "AABCAABCAABCAABCAAB.AABCAABCACBCAABCAABAAABCAABCA.BCAABCAAB.AABCAABCAABCAAB"
            "CAABAAABCAABCA.BCAABCAAB.AABCAABCAABCAABCAABCAABCAABCA.BCAABCAABAAABCAABCAB"
            "BCAABCAAB.AABCAABCA.BCAABCAABAAABCAABCABBCAABCAABAAABCAABCAABCAABCAABCAABCA"
            "ABCA.BCAABCAAB.AABCAABCAABCAABCAAB.AABCAABCAABCAABCAAB.AABCAABCA.BCAABCAABB"},
           {leaf, 10, 1, 0,
            "A.CD.B.DAA.DAB.EA.C.AB..AB..A..DABF.ABC.ABCDABC.....ABCDAB...BCEA...A.F.ABF"
            "..BC.AB.DAACEA.F.ABCDABC.AB..ABFEABCEABF.A.C.ABFDA..DA.CEABC.ABCAA...A..EAC"
            "C.AA.DAB..ABCE.B.DA..EABCDABC.ABCEABC.A..DABCDABC.ABF.ABF.A.CEAB.DABC.AACDA"
            "BFDA.CDA.CEABC.ABCDAB.DA...ABFDABC.ABFDABC.A.C.A...AB..ABCE..CEA....B.DABC."},
           {leaf, 20, 10, 2,
            "B.AC.DACB.ACBDACB.A.B.ACB.ACBCACBDACBDA.BDACBDAC..ACBDACBDA..DACB.ACB.ACBDA"
            "C.DA.BDACBBACB.ACBDACBDA.BDACBDACB.ACBDACB.ACBDACB.ACB.ACBDACBDA...ACB.AC.A"
            "ACBDAC.DA..DACBDACB.ACBDACBDA.B.ACBDACBAACB.ACBDA.BDACBDACB.ACBDACB.ACBBACB"
            "DACB.ACB.AC..A.B.AC..ACB.ACBDACBDA.BDAC.DACB.ACB.ACBDA.BDAC..ACB.AC..ACBDAA"},
       }) {
    const auto found =
        letters_of(find_clusters(points, {line.size, line.samples, line.selection, 1}));
    int unlike = 0;
    for (std::size_t i = 0; i < 300; ++i) unlike += found[i] != line.letters[i] ? 1 : 0;
    EXPECT_LE(unlike, line.unlike) << line.samples;
  }
}

TEST(Clusters, AreTheSameForAnyThreads) {
  const Matrix points = clumps(20'000, kFour, 6);
  const auto one = find_clusters(points, {}, 1), three = find_clusters(points, {}, 3);
  EXPECT_EQ(one.cluster, three.cluster);
  EXPECT_EQ(counts_of(one), counts_of(three));
  EXPECT_GE(one.clusters.size(), 4U);
}

TEST(Clusters, HaveTheirMedoidAndCount) {
  const Matrix points = clumps(300, kFour, 5);
  const auto found = find_clusters(points, {10, 5, ClusterSelection::leaf, 1});
  ASSERT_FALSE(found.clusters.empty());
  for (std::size_t c = 0; c < found.clusters.size(); ++c) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < 300; ++i) {
      if (found.cluster[i] == static_cast<int>(c)) members.push_back(i);
    }
    EXPECT_EQ(found.clusters[c].count, members.size());
    const auto sum = [&](std::size_t i) {
      double total = 0;
      for (const auto j : members) total += squared(points, i, j);
      return total;
    };
    const auto least = *std::ranges::min_element(members, {}, sum);
    EXPECT_EQ(found.clusters[c].medoid, least);
  }
}

TEST(Clusters, AboveTheLargestShareComeApart) {
  // two clumps that touch, far from a third: excess of mass alone takes the two for one
  const Matrix points = clumps(900, {{4, 4}, {5.6, 4}, {17, 17}}, 7);
  const auto whole = find_clusters(points, {30, 10, ClusterSelection::stable, 1});
  const auto apart = find_clusters(points, {30, 10, ClusterSelection::stable, 0.4});
  EXPECT_EQ(whole.clusters.size(), 2U);
  EXPECT_GE(apart.clusters.size(), 3U);
  EXPECT_LE(apart.clusters[0].count, 360U);
}

TEST(Clusters, OfFewOrEqualPointsAreNone) {
  for (const std::size_t n : {0U, 1U, 2U, 3U, 9U, 16U, 5'000U}) {
    const auto found = find_clusters(Matrix(n, 2));
    EXPECT_TRUE(found.clusters.empty());
    EXPECT_EQ(found.cluster, std::vector<std::int32_t>(n, -1));
  }
}

TEST(Clusters, RefuseWhatIsOutOfRange) {
  Matrix points = clumps(50, kFour, 5);
  EXPECT_THROW(find_clusters(points, {1}), Error);
  EXPECT_THROW(find_clusters(points, {{}, 0}), Error);
  EXPECT_THROW(find_clusters(points, {{}, {}, ClusterSelection::leaf, 0}), Error);
  EXPECT_THROW(find_clusters(points, {{}, {}, ClusterSelection::leaf, 1.5}), Error);
  EXPECT_THROW(find_clusters(Matrix(50, 3)), Error);
  points.row(7)[1] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(find_clusters(points), Error);
}

}  // namespace
}  // namespace alike::map
