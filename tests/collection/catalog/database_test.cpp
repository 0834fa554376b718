#include "alike/collection/catalog/database.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <new>

#include "alike/base/file.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    Database database(file(), Database::Mode::create);
    database.run("CREATE TABLE t(a INTEGER, b ANY) STRICT; INSERT INTO t VALUES(1, 'one')");
    database.checkpoint();
    database.checkpoint_on_close(true);
  }
  fs::path file() const { return folder_ / "x.db"; }
  static std::int64_t count(Database& database) {
    auto statement = database.prepare("SELECT count(*) FROM t");
    statement.step();
    return statement.integer(0);
  }

  test::TemporaryFolder folder_;
};

// Found by ValidSums in full depth: SQLite says that it lacks memory where a page gives its rows a
// length of nearly 2^32 bytes.
TEST_F(DatabaseTest, a_page_that_asks_for_more_memory_than_there_can_be_is_damage) {
  {
    Database database(file(), Database::Mode::write);
    database.run(
        "CREATE TABLE pairs(a INTEGER, b INTEGER, PRIMARY KEY(a, b)) STRICT, WITHOUT ROWID");
    for (int i = 0; i < 2000; ++i) {
      database.run(("INSERT INTO pairs VALUES(1, " + std::to_string(i) + ")").c_str());
    }
    database.checkpoint();
    database.checkpoint_on_close(true);
  }
  const std::string whole = read_text(file());
  std::size_t refused = 0;
  for (std::size_t at = 4096; at + 5 <= whole.size(); at += 7) {
    std::string damaged = whole;
    damaged.replace(at, 5, "\xff\xff\xff\xff\x7f");
    std::ofstream(file(), std::ios::binary) << damaged;
    const auto code = outcome([&] {
      Database database(file(), Database::Mode::read);
      auto check = database.prepare("PRAGMA integrity_check(10)");
      while (check.step()) {
      }
      auto select = database.prepare("SELECT * FROM pairs");
      while (select.step()) {
      }
    });
    if (code) ++refused;
  }
  EXPECT_GT(refused, 100U);
}

TEST_F(DatabaseTest, values_of_every_kind_come_back) {
  Database database(file(), Database::Mode::write);
  auto insert = database.prepare("INSERT INTO t VALUES(?, ?)");
  insert.bind(2).bind(std::string("t\0x", 3)).run();
  insert.bind(3).bind_bytes(std::string("\xff\0", 2)).run();
  insert.bind(4).bind_bytes("").run();
  insert.bind(5).bind_null().run();
  insert.bind(6).bind(0.5).run();
  insert.bind(7).bind(std::uint64_t{1} << 40).run();
  auto select = database.prepare("SELECT a, b, typeof(b) FROM t WHERE a > 1 ORDER BY a");
  const auto next = [&](const std::string& kind) {
    ASSERT_TRUE(select.step());
    EXPECT_EQ(select.text(2), kind);
  };
  next("text");
  EXPECT_EQ(select.text(1), std::string("t\0x", 3));
  next("blob");
  EXPECT_EQ(select.text(1), std::string("\xff\0", 2));
  next("blob");
  EXPECT_EQ(select.text(1), "");
  next("null");
  EXPECT_EQ(select.text(1), "");
  next("real");
  EXPECT_EQ(select.real(1), 0.5);
  next("integer");
  EXPECT_EQ(select.integer(1), 1LL << 40);
  EXPECT_FALSE(select.step());
}

TEST_F(DatabaseTest, a_text_that_there_is_no_memory_for_is_not_kept_as_null) {
  const auto insert_more_than_fits = [&] {
    Database database(file(), Database::Mode::write);
    database.run("PRAGMA hard_heap_limit = 1000000");  // for good, so this is done in a child
    try {
      database.prepare("INSERT INTO t VALUES(?, ?)").bind(9).bind(std::string(4 << 20, 'x')).run();
    } catch (const std::bad_alloc&) {
      std::_Exit(7);
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(insert_more_than_fits(), testing::ExitedWithCode(7), "");
  Database database(file(), Database::Mode::read);
  EXPECT_EQ(count(database), 1);
}

TEST_F(DatabaseTest, a_transaction_that_is_not_committed_leaves_no_trace) {
  Database database(file(), Database::Mode::write);
  {
    const Transaction transaction(database, true);
    database.run("INSERT INTO t VALUES(2, 2)");
    EXPECT_EQ(count(database), 2);
  }
  EXPECT_EQ(count(database), 1);
  Transaction transaction(database, true);
  database.run("INSERT INTO t VALUES(2, 2)");
  transaction.commit();
  EXPECT_EQ(count(database), 2);
}

TEST_F(DatabaseTest, a_reader_sees_one_state_until_its_transaction_ends) {
  Database reader(file(), Database::Mode::read);
  Database writer(file(), Database::Mode::write);
  const auto version = reader.data_version();
  {
    const Transaction transaction(reader);
    EXPECT_EQ(count(reader), 1);
    writer.run("INSERT INTO t VALUES(2, 2)");
    EXPECT_EQ(count(reader), 1);
  }
  EXPECT_EQ(count(reader), 2);
  EXPECT_NE(reader.data_version(), version);
}

TEST_F(DatabaseTest, readers_write_nothing) {
  for (const auto mode : {Database::Mode::read, Database::Mode::immutable}) {
    Database reader(file(), mode);
    EXPECT_TRUE(outcome([&] { reader.run("INSERT INTO t VALUES(2, 2)"); }));
    EXPECT_EQ(count(reader), 1);
  }
}

TEST_F(DatabaseTest, an_immutable_one_is_found_whatever_its_name) {
  const auto odd = folder_ / "a b?c#d%41.db";
  fs::copy_file(file(), odd);
  Database reader(odd, Database::Mode::immutable);
  EXPECT_EQ(count(reader), 1);
  EXPECT_FALSE(fs::exists(odd.native() + "-shm"));
}

TEST_F(DatabaseTest, a_second_writer_waits_in_vain_as_busy) {
  Database first(file(), Database::Mode::write);
  const Transaction transaction(first, true);
  Database second(file(), Database::Mode::write);
  second.run("PRAGMA busy_timeout=10");
  EXPECT_EQ(outcome([&] { Transaction(second, true); }), ErrorCode::busy);
}

TEST_F(DatabaseTest, damage_is_corrupt_and_names_the_file_and_the_remedy) {
  File(file(), File::Mode::update).write_at(0, bytes_of(std::string(4096, 'x')));
  try {
    Database database(file(), Database::Mode::read);
    count(database);
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
    EXPECT_NE(std::string(error.what()).find("x.db"), std::string::npos);
    EXPECT_EQ(error.remedy(), repair_remedy());
  }
}

TEST_F(DatabaseTest, truncated_and_flipped_files_are_read_or_an_error) {
  const std::string whole = read_text(file());
  const auto attempt = [&](const std::string& bytes) {
    for (const char* more : {"-wal", "-shm"}) fs::remove(file().native() + more);
    File(file(), File::Mode::fresh).write_at(0, bytes_of(bytes));
    outcome([&] {
      Database database(file(), Database::Mode::read);
      auto select = database.prepare("SELECT * FROM t");
      while (select.step()) EXPECT_LE(select.text(1).size(), whole.size());
    });
  };
  for (std::size_t size = 0; size < whole.size(); size += 61) attempt(whole.substr(0, size));
  test::each_flip(whole, 500, attempt);
}

TEST_F(DatabaseTest, a_missing_file_and_wrong_sql_are_errors) {
  EXPECT_TRUE(outcome([&] { Database(folder_ / "no.db", Database::Mode::write); }));
  EXPECT_FALSE(fs::exists(folder_ / "no.db"));
  Database database(file(), Database::Mode::read);
  EXPECT_EQ(outcome([&] { database.prepare("SELECT nothing FROM t"); }), ErrorCode::io);
}

}  // namespace
}  // namespace alike::collection
