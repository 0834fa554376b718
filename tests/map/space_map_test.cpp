// Spaces as maps: made, brought up to date, and several beside each other.
#include "alike/map/space_map.h"
#include "alike/index/flat/flat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "alike/collection/ingest/ingest.h"
#include "alike/map/keep/map_file.h"
#include "alike/map/map_series.h"
#include "alike/map/map_update.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::map {
namespace {

namespace fs = std::filesystem;
using test::outcome;

constexpr std::size_t kWidth = 6;
constexpr const char* kFolders[] = {"boats", "cats", "dogs", "houses"};

/// A row near corner `i` % 4 of a far square; bits of `seed` decide where.
std::vector<float> row_of(std::size_t i, std::uint64_t seed) {
  std::vector<float> row(kWidth);
  Random random(seed * 1000 + i);
  for (auto& value : row) value = static_cast<float>(random.uniform());
  row[0] += 9 * static_cast<float>(i % 4 / 2);
  row[1] += 9 * static_cast<float>(i % 2);
  return row;
}

class SpaceMapTest : public testing::Test {
 protected:
  SpaceMapTest() { fs::create_directories(folder_ / "pictures"); }

  /// Space `name` with rows of items 0 to n − 1, item i in folder i % 4.
  void import_space(const std::string& name, std::size_t n, std::uint64_t seed = 1) {
    Matrix rows(n, kWidth);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < n; ++i) {
      std::ranges::copy(row_of(i, seed), rows.row(i).begin());
      paths.push_back(std::string(kFolders[i % 4]) + "/" + std::to_string(i) + ".png");
    }
    if (!fs::exists(home())) collection::Collection::create(folder_ / "pictures", home());
    collection::Collection made(home());
    collection::import_rows(made, rows, paths, name, index::Metric::l2);
  }
  fs::path home() const { return folder_ / "pictures/.alike"; }
  SpaceRows rows(const std::string& space) const {
    return rows_of(collection::Collection(home()), space);
  }
  static std::vector<float> values(const Map& map) {
    return {map.points.data(), map.points.data() + 2 * map.size()};
  }
  static double apart(const Map& map, std::size_t a, std::size_t b) {
    return std::hypot(map.points.row(a)[0] - map.points.row(b)[0],
                      map.points.row(a)[1] - map.points.row(b)[1]);
  }
  static double width_of(const Map& map) {
    double widest = 0;
    for (std::size_t i = 0; i < map.size(); ++i) widest = std::max(widest, apart(map, 0, i));
    return widest;
  }

  test::TemporaryFolder folder_;
};

TEST_F(SpaceMapTest, every_method_gives_points_figures_and_trust_whatever_the_threads) {
  import_space("space", 120);
  for (const Method method : {Method::umap, Method::tsne, Method::pca}) {
    const Map map = make_map(rows("space"), {.method = method}, 1);
    ASSERT_EQ(map.size(), 120U);
    EXPECT_EQ(map.points.rows(), 120U);
    EXPECT_EQ(map.figures.k, 15U);
    EXPECT_GT(map.figures.trustworthiness.value(), 0.85);
    EXPECT_GT(map.figures.continuity.value(), 0.85);
    EXPECT_EQ(map.figures.label_accuracy, 1);
    EXPECT_GT(map.figures.map_label_accuracy.value(), 0.95);
    EXPECT_GT(map.figures.silhouette.value(), 0.3);
    EXPECT_EQ(map.trust.size(), 120U);
    EXPECT_EQ(map.explained.size(), method == Method::pca ? 2U : 0U);
    for (const int threads : {2, 5}) {
      const Map again = make_map(rows("space"), {.method = method}, threads);
      EXPECT_EQ(values(again), values(map));
      EXPECT_EQ(again.figures, map.figures);
      EXPECT_EQ(again.trust, map.trust);
      EXPECT_EQ(again.cluster, map.cluster);
    }
  }
}

TEST_F(SpaceMapTest, clusters_are_of_one_crowd_and_named_by_its_folder) {
  import_space("space", 200);
  const Map map = make_map(rows("space"), {}, 2);
  ASSERT_GE(map.clusters.size(), 4U);
  std::vector<std::uint64_t> counts(map.clusters.size());
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map.cluster[i] < 0) continue;
    const auto place = static_cast<std::size_t>(map.cluster[i]);
    ++counts[place];
    EXPECT_EQ(map.clusters[place].medoid % 4, static_cast<std::int64_t>(i % 4));
  }
  std::size_t telling = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    EXPECT_EQ(map.clusters[c].count, counts[c]);
    const char* folder = kFolders[static_cast<std::size_t>(map.clusters[c].medoid % 4)];
    if (map.clusters[c].name.find(folder) != std::string::npos) ++telling;
  }
  EXPECT_GE(telling, 4U);
}

TEST_F(SpaceMapTest, stages_are_told_and_a_stop_gives_no_map) {
  import_space("space", 60);
  std::vector<std::string> stages;
  Watcher watcher;
  watcher.begin = [&](std::string_view stage) { stages.emplace_back(stage); };
  make_map(rows("space"), {}, 1, watcher);
  const auto place = [&](const char* stage) {
    const auto found = std::ranges::find(stages, stage);
    EXPECT_NE(found, stages.end()) << stage;
    return found;
  };
  EXPECT_LT(place("rows compared"), place("steps of the layout"));
  EXPECT_LT(place("steps of the layout"), place("points judged"));
  EXPECT_LT(place("points judged"), place("clusters"));
  std::stop_source stop;
  stop.request_stop();
  watcher.stop = stop.get_token();
  for (const Method method : {Method::umap, Method::tsne, Method::pca}) {
    EXPECT_EQ(outcome([&] { make_map(rows("space"), {.method = method}, 1, watcher); }),
              ErrorCode::interrupted);
  }
}

TEST_F(SpaceMapTest, labels_pull_where_they_are_to) {
  import_space("space", 80);
  SpaceRows pulled = rows("space");
  // Labels across the crowds: nothing in the rows tells them apart.
  for (std::size_t i = 0; i < pulled.size(); ++i) pulled.labels[i] = i % 8 < 4 ? 0 : 1;
  const Map plain = make_map(pulled, {}, 1);
  const Map map = make_map(pulled, {.supervised = true}, 1);
  EXPECT_GT(map.figures.map_label_accuracy.value(), plain.figures.map_label_accuracy.value() + 0.2);
}

TEST_F(SpaceMapTest, one_row_lies_at_0_and_few_rows_give_a_map) {
  for (const std::size_t n : {1U, 2U, 3U, 16U}) {
    const std::string space = "space" + std::to_string(n);
    const fs::path other = folder_ / space;
    fs::create_directories(other);
    auto made = collection::Collection::create(other, other / ".alike");
    Matrix few(n, kWidth);
    for (std::size_t i = 0; i < n; ++i) std::ranges::copy(row_of(i, 1), few.row(i).begin());
    collection::import_rows(made, few, {}, space, index::Metric::cosine);
    for (const Method method : {Method::umap, Method::tsne, Method::pca}) {
      const Map map = make_map(rows_of(made, space), {.method = method}, 2);
      ASSERT_EQ(map.size(), n);
      for (const float value : values(map)) EXPECT_TRUE(std::isfinite(value));
      if (n > 1) continue;
      EXPECT_EQ(values(map), (std::vector<float>{0, 0}));
    }
  }
}

TEST_F(SpaceMapTest, options_too_large_for_so_few_rows_are_kept_as_they_were_used_and_told) {
  import_space("many", 120, 3);
  import_space("ten", 10);
  import_space("four", 4, 2);
  const auto told = [](const Map& map, const std::string& sentence) {
    return map.remark.find(sentence) != std::string::npos;
  };
  const Map ten = make_map(rows("ten"), {.method = Method::tsne}, 1);
  EXPECT_EQ(ten.options.perplexity, 3);
  EXPECT_TRUE(told(ten, "perplexity was lowered from 30 to 3, as there are 10 rows")) << ten.remark;
  EXPECT_EQ(values(ten), values(make_map(rows("ten"), ten.options, 1)));
  const Map umap = make_map(rows("ten"), {}, 1);
  EXPECT_EQ(umap.options.neighbors, 10U);
  EXPECT_TRUE(told(umap, "neighbors was lowered from 15 to 10")) << umap.remark;
  const Map four = make_map(rows("four"), {.method = Method::tsne}, 1);
  EXPECT_EQ(four.options.perplexity, 1);
  const auto bytes = bytes_of(four);
  EXPECT_EQ(map_from(bytes, "four").options.perplexity, 1);
  EXPECT_EQ(make_map(rows("many"), {.method = Method::tsne}, 1).remark, "");
}

TEST_F(SpaceMapTest, a_series_begins_each_map_where_the_one_before_ended) {
  import_space("one", 100, 1);
  import_space("two", 100, 2);
  std::vector<SpaceRows> spaces;
  for (const char* space : {"one", "one", "two"}) spaces.push_back(rows(space));
  for (const Method method : {Method::umap, Method::tsne, Method::pca}) {
    const auto maps = make_series(spaces, {.method = method}, 2);
    ASSERT_EQ(maps.size(), 3U);
    EXPECT_EQ(values(maps[0]), values(make_map(rows("one"), {.method = method}, 1)));
    double moved = 0;
    for (std::size_t i = 0; i < 100; ++i) {
      moved += std::hypot(maps[1].points.row(i)[0] - maps[0].points.row(i)[0],
                          maps[1].points.row(i)[1] - maps[0].points.row(i)[1]);
    }
    EXPECT_LT(moved / 100, 0.2 * width_of(maps[0]));
  }
  import_space("three", 99, 3);
  std::vector<SpaceRows> others;
  for (const char* space : {"one", "three"}) others.push_back(rows(space));
  EXPECT_EQ(outcome([&] { make_series(others, {}, 1); }), ErrorCode::invalid_argument);
}

/// The rows of "big" as if the map had been made of the first of them.
class MapUpdateTest : public SpaceMapTest {
 protected:
  MapUpdateTest() { import_space("space", 120); }

  /// The space without the items from `n` on, for which they did not come yet.
  SpaceRows first(std::size_t n) const {
    SpaceRows all = rows("space");
    std::vector<std::int64_t> ids(all.ids.begin(), all.ids.begin() + static_cast<long>(n));
    class First final : public index::RowSource {
     public:
      First(std::shared_ptr<const index::RowSource> all, std::size_t n) : all_(all), n_(n) {}
      std::size_t width() const override { return all_->width(); }
      std::size_t block_count() const override { return 1; }
      index::RowBlock block(std::size_t) const override {
        auto block = all_->block(0);
        block.rows = n_;
        return block;
      }

     private:
      std::shared_ptr<const index::RowSource> all_;
      std::size_t n_;
    };
    all.index.rows = std::make_shared<First>(all.index.rows, n);
    all.index.index = std::make_unique<index::Flat>(all.index.rows, all.metric);
    all.ids = ids;
    all.content.resize(n);
    all.labels.resize(n);
    all.paths.resize(n);
    return all;
  }
};

TEST_F(MapUpdateTest, new_rows_land_among_their_like_and_nothing_else_moves) {
  const Map map = make_map(first(110), {}, 1);
  const MapUpdate update = update_map(map, rows("space"), 2);
  EXPECT_EQ(update.placed, 10U);
  EXPECT_EQ(update.dropped, 0U);
  EXPECT_FALSE(update.better_anew);
  ASSERT_EQ(update.map.size(), 120U);
  EXPECT_EQ(update.map.placed, 10U);
  EXPECT_TRUE(age_of(update.map, rows("space")).current());
  for (std::size_t i = 0; i < 110; ++i) EXPECT_EQ(apart(map, i, 0), apart(update.map, i, 0));
  for (std::size_t i = 110; i < 120; ++i) {
    double nearest = 1e9;
    std::size_t at = 0;
    for (std::size_t j = 0; j < 110; ++j) {
      if (apart(update.map, i, j) < nearest) {
        nearest = apart(update.map, i, j);
        at = j;
      }
    }
    EXPECT_EQ(at % 4, i % 4);
  }
}

TEST_F(MapUpdateTest, it_is_the_same_for_any_number_of_threads_and_again_changes_nothing) {
  const Map map = make_map(first(100), {}, 1);
  const Map once = update_map(map, rows("space"), 1).map;
  EXPECT_EQ(values(update_map(map, rows("space"), 4).map), values(once));
  const MapUpdate again = update_map(once, rows("space"), 2);
  EXPECT_EQ(again.placed, 0U);
  EXPECT_EQ(values(again.map), values(once));
}

TEST_F(MapUpdateTest, what_is_gone_leaves_and_what_changed_is_placed_anew) {
  Map map = make_map(rows("space"), {}, 1);
  map.content[7] += 1;
  const MapUpdate update = update_map(map, first(115), 1);
  EXPECT_EQ(update.dropped, 5U);
  EXPECT_EQ(update.placed, 1U);
  ASSERT_EQ(update.map.size(), 115U);
  EXPECT_EQ(update.map.find(117), std::nullopt);
  EXPECT_EQ(update.map.content[7], map.content[7] - 1);
  // It lands near where it was, for the row is the same.
  EXPECT_LT(std::hypot(update.map.points.row(7)[0] - map.points.row(7)[0],
                       update.map.points.row(7)[1] - map.points.row(7)[1]),
            0.1 * width_of(map));
}

TEST_F(MapUpdateTest, much_that_is_new_calls_for_a_new_map_and_pca_gets_one) {
  EXPECT_TRUE(update_map(make_map(first(60), {}, 1), rows("space"), 1).better_anew);
  const MapOptions pca{.method = Method::pca};
  const Map map = update_map(make_map(first(60), pca, 1), rows("space"), 1).map;
  EXPECT_EQ(values(map), values(make_map(rows("space"), pca, 1)));
  EXPECT_EQ(map.placed, 0U);
}

TEST_F(MapUpdateTest, a_map_of_other_rows_is_refused) {
  import_space("other", 120, 2);
  const Map map = make_map(first(60), {}, 1);
  EXPECT_EQ(outcome([&] { update_map(map, rows("other"), 1); }), ErrorCode::invalid_argument);
  Map lost = map;
  for (auto& id : lost.ids) id += 1000;
  EXPECT_EQ(outcome([&] { update_map(lost, rows("space"), 1); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike::map
