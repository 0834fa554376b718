#include "alike/map/reading/label_quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "alike/map/reading/point_neighbors.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

double distance(std::span<const float> a, std::span<const float> b) {
  const double dx = static_cast<double>(a[0]) - b[0], dy = static_cast<double>(a[1]) - b[1];
  return std::sqrt(dx * dx + dy * dy);
}

TEST(LabelAccuracy, is_the_share_that_neighbours_vote_for) {
  // Two crowds on a line, and one of each that is in the other.
  Matrix points(12, 2);
  std::vector<int> labels;
  for (std::size_t i = 0; i < 12; ++i) {
    points.row(i)[0] = static_cast<float>(i < 6 ? i : 100 + i);
    labels.push_back(i < 6 ? 0 : 1);
  }
  std::swap(labels[2], labels[9]);
  const auto table = point_neighbors(points, 5, 1);
  EXPECT_EQ(label_accuracy(table, labels, 3), 10.0 / 12);
  labels[2] = -1;
  EXPECT_EQ(label_accuracy(table, labels, 3), 10.0 / 11);
  EXPECT_EQ(label_accuracy(table, std::vector<int>(12, 3), 3), std::nullopt);
  EXPECT_EQ(label_accuracy(table, std::vector<int>(12, -1), 3), std::nullopt);
}

TEST(Silhouette, is_what_its_definition_says) {
  const Matrix points = test::clustered_matrix(150, 2, 6, 1, 4);
  std::vector<int> labels;
  for (std::size_t i = 0; i < 150; ++i)
    labels.push_back(static_cast<int>(i % 3) - (i % 30 == 0 ? 1 : 0));
  labels[7] = 5;  // alone
  double sum = 0;
  std::size_t judged = 0;
  for (std::size_t of = 0; of < 150; ++of) {
    if (labels[of] < 0) continue;
    ++judged;
    std::vector<double> means;
    double own = 0;
    for (int label = 0; label <= 5; ++label) {
      double all = 0, count = 0;
      for (std::size_t i = 0; i < 150; ++i) {
        if (labels[i] != label || i == of) continue;
        all += distance(points.row(of), points.row(i));
        ++count;
      }
      if (label == labels[of]) own = count > 0 ? all / count : -1;
      if (label != labels[of] && count > 0) means.push_back(all / count);
    }
    const double other = *std::ranges::min_element(means);
    if (own >= 0) sum += (other - own) / std::max(own, other);
  }
  const auto measured = silhouette(points, labels, 1, 2);
  ASSERT_TRUE(measured);
  EXPECT_NEAR(*measured, sum / static_cast<double>(judged), 1e-9);
  EXPECT_EQ(silhouette(points, std::vector<int>(150, 2), 1, 1), std::nullopt);
}

}  // namespace
}  // namespace alike::map
