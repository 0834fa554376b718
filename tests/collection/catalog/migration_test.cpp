#include <gtest/gtest.h>

#include <filesystem>

#include "alike/base/error.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/schema.h"
#include "alike/collection/store/salvage.h"
#include "tests/support/error_code.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

/// A catalog of format 1 with something in all that format 2 keeps elsewhere. Two spaces, of the
/// keys 2 and 4; 1, 3 and 5 have gone.
class MigrationTest : public testing::Test {
 protected:
  MigrationTest() {
    fs::create_directories(folder_ / "spaces");
    Database old(folder_ / "catalog.db", Database::Mode::create);
    make_schema(old, 1);
    for (const int key : {1, 2, 3, 4, 5}) {
      old.run(("INSERT INTO spaces VALUES(" + std::to_string(key) + ", 's" + std::to_string(key) +
               "', 'net', 'abc', 'pooled', 'avg', 0, 0, 'cosine', 4, 0)")
                  .c_str());
    }
    old.run(
        "DELETE FROM spaces WHERE key IN (1, 3, 5);"
        "INSERT INTO items VALUES(0, x'61', 1, 2, '00', 3, 4, x'', 5);"
        "INSERT INTO settings VALUES('next_id', '1'), ('pictures', ''), ('default_space', 's4'),"
        "('index.2', 'graph'), ('index.3', 'flat'), ('codes_changed.2', '7'),"
        "('package.2', 'of two'), ('package.5', 'of five'), ('next_segment.s1', '3'),"
        "('map.first', '2'), ('map_sum.first', 'aa bb'), ('map.second', '4'), ('map.lost', '5'),"
        "('map_sum.gone', 'cc')");
  }

  Database open() { return {folder_ / "catalog.db", Database::Mode::write}; }

  static std::string text(Database& database, const char* sql) {
    auto statement = database.prepare(sql);
    std::string all;
    while (statement.step()) all += (all.empty() ? "" : ",") + statement.text(0);
    return all;
  }

  /// The content of `catalog`, the same before and after.
  static void expect_all(Catalog& catalog) {
    const auto spaces = catalog.spaces();
    ASSERT_EQ(spaces.size(), 2U);
    EXPECT_EQ(spaces[0].name, "s2");
    EXPECT_EQ(spaces[0].index, IndexKind::graph);
    EXPECT_EQ(spaces[1].index, IndexKind::automatic);
    EXPECT_TRUE(spaces[1].is_default);
    EXPECT_EQ(catalog.index_changes(2), 7);
    EXPECT_EQ(catalog.index_changes(4), 0);
    EXPECT_EQ(catalog.package_hash(2), "of two");
    EXPECT_EQ(catalog.package_hash(4), "");
    EXPECT_EQ(catalog.maps(), (std::vector<MapEntry>{{"first", "s2"}, {"second", "s4"}}));
    EXPECT_EQ(catalog.map_sums("first"), "aa bb");
    EXPECT_EQ(catalog.map_sums("second"), "");
    EXPECT_EQ(catalog.item(0).value().path, "a");
  }

  void migrate() {
    Catalog catalog(folder_.path(), Database::Mode::write);
    Transaction transaction(catalog.database(), true);
    catalog.migrate();
    transaction.commit();
  }

  test::TemporaryFolder folder_;
};

TEST_F(MigrationTest, an_older_catalog_says_the_same_before_and_after) {
  for (const auto mode : {Database::Mode::read, Database::Mode::write}) {
    Catalog catalog(folder_.path(), mode);
    EXPECT_FALSE(catalog.is_current());
    expect_all(catalog);
  }
  migrate();
  Catalog catalog(folder_.path(), Database::Mode::read);
  EXPECT_TRUE(catalog.is_current());
  expect_all(catalog);
}

TEST_F(MigrationTest, makes_the_tables_to_the_letter_and_uses_no_key_twice) {
  migrate();
  Database made = open();
  EXPECT_EQ(check_schema(made), kCatalogVersion);
  EXPECT_EQ(text(made, "SELECT key FROM settings ORDER BY key"),
            "default_space,next_id,next_segment.s1,pictures");
  EXPECT_EQ(text(made, "SELECT name FROM maps ORDER BY name"), "first,second");
  Catalog catalog(folder_.path(), Database::Mode::write);
  Space space;
  space.name = "new";
  EXPECT_EQ(catalog.add_space(space), 6);
}

TEST_F(MigrationTest, leaves_nothing_where_it_is_cut_short) {
  {
    Catalog catalog(folder_.path(), Database::Mode::write);
    const Transaction transaction(catalog.database(), true);
    catalog.migrate();
  }
  Catalog catalog(folder_.path(), Database::Mode::read);
  EXPECT_FALSE(catalog.is_current());
  expect_all(catalog);
}

TEST_F(MigrationTest, is_seen_by_who_has_the_catalog_open) {
  Catalog before(folder_.path(), Database::Mode::read);
  EXPECT_FALSE(before.was_migrated());
  migrate();
  EXPECT_TRUE(before.was_migrated());
}

TEST_F(MigrationTest, bounds_a_counter_that_is_none) {
  open().run("UPDATE settings SET value = '9999999999999999999999' WHERE key = 'codes_changed.2'");
  migrate();
  Catalog catalog(folder_.path(), Database::Mode::write);
  catalog.add_index_change(2);
  EXPECT_LE(catalog.index_changes(2), std::int64_t{1} << 32);
}

TEST_F(MigrationTest, an_older_catalog_can_be_salvaged) {
  salvage_catalog(folder_.path());
  Catalog catalog(folder_.path(), Database::Mode::read);
  EXPECT_TRUE(catalog.is_current());
  expect_all(catalog);
  EXPECT_EQ(catalog.setting("index.2"), "");
}

TEST_F(MigrationTest, a_space_is_kept_where_its_index_is_not_known) {
  open().run("UPDATE settings SET value = 'magic' WHERE key = 'index.2'");
  EXPECT_FALSE(catalog_is_sound(folder_.path()));
  salvage_catalog(folder_.path());
  Catalog catalog(folder_.path(), Database::Mode::read);
  ASSERT_EQ(catalog.spaces().size(), 2U);
  EXPECT_EQ(catalog.spaces()[0].index, IndexKind::automatic);
}

}  // namespace
}  // namespace alike::collection
