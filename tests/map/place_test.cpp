#include "alike/map/place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "alike/base/error.h"
#include "alike/index/flat/flat.h"
#include "alike/map/layout/spectral.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

constexpr std::size_t kRows = 1200, kNeighbors = 15;

struct Mapped {
  Matrix rows = test::clustered_matrix(kRows, 12, 2, 1, 12);
  Neighbors neighbors = find(rows);
  Habits habits = habits_of(neighbors);
  Matrix points = laid_out();

  static Neighbors find(const Matrix& rows) {
    return find_neighbors(std::make_shared<test::MatrixRows>(rows, 64), index::Metric::l2,
                          kNeighbors, 2);
  }
  Matrix laid_out() const {
    const FuzzyGraph graph = fuzzy_graph(neighbors, 14, 2);
    Umap layout(graph, {}, {spectral_start(graph, 42, 2).points});
    layout.advance(layout.steps(), 2);
    Matrix out(kRows, 2);
    std::copy_n(layout.points().data, 2 * kRows, out.data());
    return out;
  }
  /// The neighbours on the map of rows that are not on it.
  Neighbors neighbors_of(const Matrix& others) const {
    const index::Flat flat(std::make_shared<test::MatrixRows>(rows, 64), index::Metric::l2);
    Neighbors table{others.rows(), kNeighbors, {}, {}};
    for (const auto& found : flat.search_batch(others, {.k = kNeighbors})) {
      for (const auto& neighbor : found.neighbors) {
        table.places.push_back(static_cast<std::uint32_t>(neighbor.id));
        table.distances.push_back(neighbor.distance);
      }
    }
    return table;
  }
};

const Mapped& mapped() {
  static const Mapped made;
  return made;
}

TEST(Placer, places_rows_of_the_map_near_where_they_are) {
  const Mapped& map = mapped();
  const Placer placer(map.points, map.habits);
  const auto placed = placer.place(map.neighbors, 2);  // none is its own neighbour
  std::vector<double> away;
  double low = 1e9, high = -1e9;
  std::size_t off = 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    const auto point = map.points.row(row);
    away.push_back(std::hypot(placed[row].x - point[0], placed[row].y - point[1]));
    low = std::min<double>(low, point[0]);
    high = std::max<double>(high, point[0]);
    off += placed[row].off_the_map ? 1U : 0U;
  }
  std::nth_element(away.begin(), away.begin() + kRows / 2, away.end());
  EXPECT_LT(away[kRows / 2], 0.02 * (high - low));
  EXPECT_LE(off, 2U);
}

TEST(Placer, does_the_same_for_any_batch_threads_and_level) {
  const Mapped& map = mapped();
  const Placer placer(map.points, map.habits), scalar(map.points, map.habits, {}, Simd::scalar);
  const Neighbors table = map.neighbors_of(test::clustered_matrix(100, 12, 2, 7, 12));
  const auto one = placer.place(table, 1), four = placer.place(table, 4);
  for (std::size_t row = 0; row < table.rows; ++row) {
    const Placed alone = scalar.place(table.places_of(row), table.distances_of(row));
    for (const Placed& other : {one[row], four[row]}) {
      EXPECT_EQ(alone.x, other.x);
      EXPECT_EQ(alone.y, other.y);
      EXPECT_EQ(alone.ratio, other.ratio);
    }
  }
}

TEST(Placer, says_which_rows_are_off_the_map) {
  const Mapped& map = mapped();
  const Placer placer(map.points, map.habits);
  const auto like = placer.place(map.neighbors_of(test::clustered_matrix(200, 12, 2, 8, 12)), 2);
  const auto far = placer.place(map.neighbors_of(test::clustered_matrix(200, 12, 77, 1, 200)), 2);
  const auto off = [](const auto& placed) {
    return std::ranges::count_if(placed, [](const Placed& p) { return p.off_the_map; });
  };
  EXPECT_EQ(off(like), 0);
  EXPECT_LT(like[0].ratio, far[0].ratio);
  Matrix strangers = test::clustered_matrix(50, 12, 2, 9, 12);
  for (std::size_t row = 0; row < 50; ++row) strangers.row(row)[0] += 20;
  EXPECT_EQ(off(placer.place(map.neighbors_of(strangers), 1)), 50);
}

TEST(Placer, puts_an_equal_row_where_that_is) {
  const Mapped& map = mapped();
  const Placer placer(map.points, map.habits);
  const std::vector<std::uint32_t> places{17, 3, 5};
  const std::vector<float> distances{0, 1, 2};
  const Placed placed = placer.place(places, distances);
  EXPECT_EQ(placed.x, map.points.row(17)[0]);
  EXPECT_EQ(placed.y, map.points.row(17)[1]);
}

TEST(Placer, copes_with_one_point_and_with_equal_ones) {
  const Placer one(Matrix(1, 2), habits_of({1, 0, {}, {}}));
  const std::vector<std::uint32_t> places{0};
  const Placed placed = one.place(places, std::vector<float>{3});
  EXPECT_TRUE(std::isfinite(placed.x) && std::isfinite(placed.y));
  const Neighbors equal = Mapped::find(Matrix(30, 4));
  const Placer all(Matrix(30, 2), habits_of(equal));
  for (const Placed& p : all.place(equal, 2)) EXPECT_FALSE(p.off_the_map);
  EXPECT_TRUE(all.place(places, std::vector<float>{3}).off_the_map);
}

TEST(Placer, refuses_what_is_not_of_its_map) {
  const Mapped& map = mapped();
  EXPECT_THROW(Placer(Matrix(3, 2), map.habits), Error);
  EXPECT_THROW(Placer(Matrix(), {}), Error);
  const Placer placer(map.points, map.habits);
  const std::vector<std::uint32_t> places{kRows}, first{0};
  EXPECT_THROW(placer.place(places, std::vector<float>{1}), Error);
  EXPECT_THROW(placer.place(first, {}), Error);
  EXPECT_THROW(placer.place(first, std::vector<float>{-1}), Error);
  EXPECT_THROW(placer.place(first, std::vector<float>{std::numeric_limits<float>::quiet_NaN()}),
               Error);
}

}  // namespace
}  // namespace alike::map
