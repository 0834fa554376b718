// A space as the input of a map, and the age of a map when the space went on.
#include "alike/map/layout/space_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "alike/collection/store/writer.h"
#include "alike/map/keep/kept_map.h"
#include "alike/map/map_age.h"
#include "tests/support/cared_collection.h"
#include "tests/support/damage.h"
#include "tests/support/sample_map.h"

namespace alike::map {
namespace {

using test::outcome;

class SpaceRowsTest : public test::CaredCollection {
 protected:
  SpaceRows rows(const std::string& space = "one") const {
    return rows_of(collection::Collection(home()), space);
  }
  Map map_of(const SpaceRows& rows) const {
    Map map = test::sample_map(rows.size());
    map.source = rows.source;
    map.ids = rows.ids;
    map.content = rows.content;
    return map;
  }
  void change_hash(collection::ItemId id, const std::string& hash) const {
    collection::Writer writer(home());
    collection::Transaction transaction(writer.database(), true);
    auto item = writer.catalog().item(id).value();
    item.hash = hash;
    writer.catalog().update_item(item);
    writer.commit(transaction);
  }
};

TEST_F(SpaceRowsTest, holds_what_the_space_holds_in_its_order) {
  remove_items(3, 5);
  const auto all = rows();
  ASSERT_EQ(all.size(), 38U);
  EXPECT_TRUE(std::ranges::is_sorted(all.ids));
  EXPECT_EQ(std::ranges::count(all.ids, 4), 0);
  EXPECT_EQ(all.label_names, std::vector<std::string>{"folder"});
  EXPECT_EQ(std::ranges::count(all.labels, 0), 38);
  EXPECT_EQ(all.source.space, "one");
  EXPECT_EQ(all.source.metric, "l2");
  EXPECT_EQ(all.source.width, 24U);
  EXPECT_EQ(rows("").source.space, "one");
  EXPECT_EQ(outcome([&] { rows("three"); }), ErrorCode::not_found);
}

TEST_F(SpaceRowsTest, the_graph_of_a_space_gives_the_neighbours_that_reading_every_row_gives) {
  for (const char* space : {"one", "two"}) {
    const auto truth = neighbors_in(rows(space), 7, 2, {});
    auto made = collection::Collection(home());
    Matrix values(40, 24);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < 40; ++i) {
      const auto row = made.row(static_cast<collection::ItemId>(i), space).value();
      std::ranges::copy(row, values.row(i).begin());
      paths.push_back("folder/" + std::to_string(i) + ".png");
    }
    const std::string linked = std::string("linked-") + space;
    collection::import_rows(made, values, paths, linked, made.space(space).metric,
                            {.kind = collection::IndexKind::graph});
    const auto graph = rows(linked);
    ASSERT_EQ(graph.index.kind, collection::IndexKind::graph);
    for (const int threads : {1, 3}) {
      const auto found = neighbors_in(graph, 7, threads, {});
      EXPECT_EQ(found.places, truth.places);
      EXPECT_EQ(found.distances, truth.distances);
    }
  }
}

TEST_F(SpaceRowsTest, few_rows_have_few_neighbours_and_none_is_an_error_with_the_way_out) {
  EXPECT_EQ(neighbors_in(rows(), 100, 1, {}).k, 39U);
  remove_items(2, 40);
  EXPECT_EQ(neighbors_in(rows(), 15, 1, {}).k, 1U);
  remove_items(0, 2);
  EXPECT_EQ(outcome([&] { neighbors_in(rows(), 15, 1, {}); }), ErrorCode::invalid_argument);
}

TEST_F(SpaceRowsTest, a_map_knows_what_came_went_and_changed) {
  const Map map = map_of(rows());
  EXPECT_TRUE(age_of(map, rows()).current());
  remove_items(3, 5);
  change_hash(7, "00000000000000ff0000000000000000");
  MapAge age = age_of(map, rows());
  EXPECT_EQ(age.gone, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(age.changed, std::vector<std::int64_t>{7});
  EXPECT_TRUE(age.added.empty());
  EXPECT_FALSE(age.current());
  EXPECT_FALSE(age.better_anew(map.size()));
  const Map smaller = map_of(rows());
  EXPECT_EQ(age_of(map, rows("two")).other_rows, true);
  Map other = smaller;
  other.ids.back() = 1000;
  age = age_of(other, rows());
  EXPECT_EQ(age.added, std::vector<std::int64_t>{39});
  remove_items(5, 15);
  EXPECT_TRUE(age_of(map, rows()).better_anew(map.size()));
}

TEST_F(SpaceRowsTest, a_map_is_kept_and_comes_back) {
  const Map map = map_of(rows());
  EXPECT_EQ(keep_map(collection::Collection(home()), "", map), "one.tsne");
  EXPECT_EQ(keep_map(collection::Collection(home()), "mine", map), "mine");
  const Map back = load_map(collection::Collection(home()), "mine");
  EXPECT_EQ(back.ids, map.ids);
  EXPECT_EQ(back.clusters, map.clusters);
  EXPECT_EQ(outcome([&] { load_map(collection::Collection(home()), "min"); }),
            ErrorCode::not_found);
  overwrite(home() / "maps/mine.map", 500, 8);
  EXPECT_EQ(outcome([&] { load_map(collection::Collection(home()), "mine"); }), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::map
