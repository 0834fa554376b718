// Maps as they are kept, and the care of a collection with them.
#include "alike/collection/store/map_store.h"

#include <gtest/gtest.h>

#include "alike/base/file.h"
#include "alike/collection/care/care.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/salvage.h"
#include "alike/collection/store/writer.h"
#include "tests/support/cared_collection.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class MapStoreTest : public test::CaredCollection {
 protected:
  void keep(const std::string& name, const std::string& space, const std::string& bytes) const {
    write_map(Collection(home()), name, space, bytes_of(bytes));
  }
  std::string kept(const std::string& name) const {
    const auto bytes = read_map(Collection(home()), name);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::vector<MapEntry> maps() const { return Collection(home()).maps(); }
  fs::path file(const std::string& name) const { return home() / map_file_name(name); }

  const std::string bytes_ = std::string(10001, 'm');
  const std::string padded_ = bytes_ + std::string(47, '\0');
};

TEST_F(MapStoreTest, keeps_lists_replaces_and_forgets_maps) {
  EXPECT_TRUE(maps().empty());
  EXPECT_EQ(outcome([&] { kept("one.umap"); }), ErrorCode::not_found);
  keep("one.umap", "one", bytes_);
  keep("b", "two", "short");
  EXPECT_EQ(maps(), (std::vector<MapEntry>{{"b", "two"}, {"one.umap", "one"}}));
  EXPECT_EQ(kept("one.umap"), padded_);
  EXPECT_EQ(kept("b"), "short" + std::string(59, '\0'));
  keep("b", "one", "other");
  EXPECT_EQ(maps(), (std::vector<MapEntry>{{"b", "one"}, {"one.umap", "one"}}));
  EXPECT_EQ(kept("b"), "other" + std::string(59, '\0'));
  EXPECT_EQ(Collection(home()).status().maps, maps());
  remove_map(Collection(home()), "b");
  EXPECT_EQ(outcome([&] { remove_map(Collection(home()), "b"); }), ErrorCode::not_found);
  EXPECT_EQ(maps(), (std::vector<MapEntry>{{"one.umap", "one"}}));
  EXPECT_FALSE(fs::exists(file("b")));
  EXPECT_TRUE(sound(home()));
}

TEST_F(MapStoreTest, refuses_names_that_lead_elsewhere_spaces_that_are_not_there_and_no_bytes) {
  for (const char* name : {"", "../x", ".x", "-x", "a/b", "a b"}) {
    EXPECT_EQ(outcome([&] { keep(name, "one", bytes_); }), ErrorCode::invalid_argument) << name;
  }
  EXPECT_EQ(outcome([&] { keep("map", "three", bytes_); }), ErrorCode::not_found);
  EXPECT_EQ(outcome([&] { keep("map", "one", ""); }), ErrorCode::unsupported);
  EXPECT_TRUE(maps().empty());
}

TEST_F(MapStoreTest, every_flip_and_every_cut_is_damage_that_verify_finds_too) {
  keep("one.umap", "one", bytes_);
  const std::string whole = read_text(file("one.umap"));
  const auto damaged = [&](const std::string& bytes) {
    File(file("one.umap"), File::Mode::fresh).write_at(0, bytes_of(bytes));
    const auto code = outcome([&] { kept("one.umap"); });
    EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::unsupported);
    const auto report = verify(home(), {});
    ASSERT_EQ(report.damage.size(), 1U);
    EXPECT_EQ(report.damage[0].file, "maps/one.umap.map");
    EXPECT_EQ(report.damage[0].remedy,
              (Remedy{"map", {"--space", "one", "--method", "umap"}, "to make the map again"}));
  };
  test::each_flip(whole, 100, damaged);
  for (std::size_t size = 0; size < whole.size(); size += 97) damaged(whole.substr(0, size));
  damaged(whole + "x");
  fs::remove(file("one.umap"));
  EXPECT_EQ(outcome([&] { kept("one.umap"); }), ErrorCode::corrupt);
  EXPECT_EQ(verify(home(), {}).damage.size(), 1U);
}

TEST_F(MapStoreTest, an_old_map_put_back_is_damage) {
  keep("m", "one", bytes_);
  const std::string old = read_text(file("m"));
  keep("m", "one", "another");
  replace_file(file("m"), old);
  EXPECT_EQ(outcome([&] { kept("m"); }), ErrorCode::corrupt);
  EXPECT_EQ(verify(home(), {}).damage.at(0).file, "maps/m.map");
  repair(home(), {});
  EXPECT_TRUE(maps().empty());
  EXPECT_TRUE(sound(home()));
}

TEST_F(MapStoreTest, where_replacing_a_map_was_cut_short_the_old_and_the_new_one_count) {
  keep("m", "one", bytes_);
  const std::string old = read_text(file("m"));
  const std::string sum = Writer(home()).catalog().map_sums("m");
  keep("m", "one", "another");
  EXPECT_TRUE(sound(home()));
  {
    Writer writer(home());
    Catalog& catalog = writer.catalog();
    catalog.set_map("m", catalog.key_of("one"), sum + " " + catalog.map_sums("m"));
  }
  EXPECT_TRUE(sound(home()));
  replace_file(file("m"), old);
  EXPECT_TRUE(sound(home()));
  EXPECT_EQ(kept("m"), padded_);
}

TEST_F(MapStoreTest, a_map_of_an_older_program_has_no_sum_in_the_catalog) {
  keep("m", "one", bytes_);
  {
    Writer writer(home());
    writer.database().run("UPDATE maps SET sums = ''");
  }
  EXPECT_EQ(kept("m"), padded_);
  EXPECT_TRUE(sound(home()));
}

TEST_F(MapStoreTest, repair_mends_one_bit_and_takes_away_what_is_worse) {
  keep("flipped", "one", bytes_);
  keep("worse", "one", bytes_);
  overwrite(file("worse"), 3000, 20);
  const std::string whole = read_text(file("flipped"));
  std::string flipped = whole;
  flipped[5000] = static_cast<char>(flipped[5000] ^ 8);
  File(file("flipped"), File::Mode::fresh).write_at(0, bytes_of(flipped));
  const auto report = repair(home(), {});
  ASSERT_EQ(report.done.size(), 2U);
  EXPECT_FALSE(report.done[0].remedy);
  EXPECT_EQ(report.done[1].remedy.value().arguments,
            (std::vector<std::string>{"--space", "one", "--name", "worse"}));
  EXPECT_EQ(read_text(file("flipped")), whole);
  EXPECT_EQ(maps(), (std::vector<MapEntry>{{"flipped", "one"}}));
  EXPECT_FALSE(fs::exists(file("worse")));
  EXPECT_TRUE(sound(home()));
  EXPECT_TRUE(repair(home(), {}).done.empty());
}

TEST_F(MapStoreTest, maps_go_with_their_space_and_survive_what_else_happens) {
  keep("a", "two", bytes_);
  keep("b", "one", bytes_);
  compact(home(), {});
  {
    Writer writer(home());
    salvage_catalog(home());
  }
  remove_catalog_sum(home());
  EXPECT_EQ(kept("a"), padded_);
  Collection(home()).remove_space("two");
  EXPECT_EQ(maps(), (std::vector<MapEntry>{{"b", "one"}}));
  EXPECT_FALSE(fs::exists(file("a")));
  EXPECT_TRUE(sound(home()));
}

TEST_F(MapStoreTest, files_that_a_killed_writer_left_go_with_the_next_one) {
  keep("a", "one", bytes_);
  for (const char* name : {"b.map", "a.map.new", "mine.txt"}) {
    replace_file(home() / "maps" / name, std::string_view("left"));
  }
  EXPECT_EQ(maps(), (std::vector<MapEntry>{{"a", "one"}}));
  Writer(home()).catalog();
  EXPECT_FALSE(fs::exists(home() / "maps/b.map"));
  EXPECT_FALSE(fs::exists(home() / "maps/a.map.new"));
  EXPECT_TRUE(fs::exists(home() / "maps/mine.txt"));
  EXPECT_EQ(kept("a"), padded_);
}

TEST_F(MapStoreTest, a_name_in_the_catalog_that_leads_elsewhere_does_not_outlive_a_salvage) {
  {
    Writer writer(home());
    Transaction transaction(writer.database(), true);
    writer.catalog().set_map("../x", writer.catalog().key_of("one"), "");
    writer.commit(transaction);
  }
  EXPECT_EQ(maps().size(), 1U);
  {
    Writer writer(home());
    salvage_catalog(home());
  }
  remove_catalog_sum(home());
  EXPECT_TRUE(maps().empty());
}

TEST(MapRemedy, names_space_and_method_where_the_name_does) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(map_remedy({default_map_name("a.b", "pca"), "a.b"}).arguments,
            (Words{"--space", "a.b", "--method", "pca"}));
  EXPECT_EQ(map_remedy({"mine", "a"}).arguments, (Words{"--space", "a", "--name", "mine"}));
  EXPECT_EQ(map_remedy({"a.pca", "b"}).arguments, (Words{"--space", "b", "--name", "a.pca"}));
  EXPECT_EQ(map_remedy({"mine", "a"}).verb, "map");
}

}  // namespace
}  // namespace alike::collection
