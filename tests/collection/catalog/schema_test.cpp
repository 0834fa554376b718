#include "alike/collection/catalog/schema.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/collection/catalog/catalog.h"
#include "tests/support/cared_collection.h"
#include "tests/support/error_code.h"

namespace alike::collection {
namespace {

class SchemaTest : public test::CaredCollection {
 protected:
  /// The answer to opening the collection after `sql` was run on its catalog.
  std::string after(const char* sql) const {
    {
      Database database(home() / "catalog.db", Database::Mode::write);
      database.run(sql);
    }
    try {
      const Collection opened(home());
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
      return error.what();
    }
  }
};

TEST_F(SchemaTest, is_that_of_every_catalog_that_alike_makes) {
  EXPECT_TRUE(sound(home()));
  compact(home(), {});
  EXPECT_TRUE(sound(home()));
}

TEST_F(SchemaTest, with_anything_else_in_it_is_refused_before_any_of_it_runs) {
  EXPECT_NE(after("CREATE VIEW v AS SELECT 1").find("the view 'v'"), std::string::npos);
}

TEST_F(SchemaTest, with_a_trigger_is_refused) {
  const auto said = after("CREATE TRIGGER t AFTER UPDATE ON settings BEGIN DELETE FROM rows; END");
  EXPECT_NE(said.find("the trigger 't'"), std::string::npos);
}

TEST_F(SchemaTest, with_an_index_or_a_table_more_is_refused) {
  EXPECT_NE(after("CREATE INDEX i ON items(label)").find("the index 'i'"), std::string::npos);
}

TEST_F(SchemaTest, with_a_column_more_is_refused) {
  EXPECT_NE(after("ALTER TABLE items ADD COLUMN x INTEGER AS (id) VIRTUAL").find("'items'"),
            std::string::npos);
}

TEST_F(SchemaTest, without_one_of_its_tables_is_refused) {
  EXPECT_NE(after("DROP TABLE dead").find("are not those"), std::string::npos);
}

TEST_F(SchemaTest, of_another_version_is_refused) {
  EXPECT_NE(after("PRAGMA user_version=0").find("format is 0"), std::string::npos);
  {
    Database database(home() / "catalog.db", Database::Mode::write);
    database.run("PRAGMA user_version=99");
  }
  EXPECT_EQ(test::error_code([&] { Collection{home()}; }), ErrorCode::unsupported);
}

TEST_F(SchemaTest, is_not_read_beside_a_rollback_journal_which_could_name_any_file) {
  File(home() / "catalog.db-journal", File::Mode::create);
  EXPECT_EQ(test::error_code([&] { Collection{home()}; }), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::collection
