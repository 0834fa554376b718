// Snapshot and restore, also of untrusted files.
#include "alike/collection/care/care.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "alike/base/file.h"
#include "alike/collection/store/map_store.h"
#include "alike/collection/store/writer.h"
#include "tests/support/cared_collection.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class SnapshotTest : public test::CaredCollection {
 protected:
  fs::path file() const { return folder_ / "copy.snap"; }
  fs::path other() const { return folder_ / "other/.alike"; }
  void restore_copy() const {
    fs::create_directories(other().parent_path());
    restore(file(), other(), other().parent_path(), {});
  }
};

TEST_F(SnapshotTest, a_snapshot_gives_the_collection_back) {
  remove_items(5, 9);
  snapshot(home(), file(), {});
  EXPECT_FALSE(fs::exists(file().native() + ".catalog"));
  EXPECT_FALSE(fs::exists(file().native() + ".part"));
  restore_copy();
  EXPECT_EQ(content(other()), content(home()));
  EXPECT_TRUE(sound(other()));
  EXPECT_EQ(Collection(other()).pictures(), other().parent_path());
  EXPECT_EQ(Writer(other()).catalog().next_id(), 40);
}

TEST_F(SnapshotTest, a_snapshot_is_of_one_moment_while_a_writer_goes_on) {
  Writer writer(home());
  Transaction transaction(writer.database(), true);
  writer.catalog().remove_item(1);
  snapshot(home(), file(), {});
  writer.commit(transaction);
  restore_copy();
  EXPECT_TRUE(Collection(other()).item(1));
}

TEST_F(SnapshotTest, maps_are_those_of_its_catalog_while_a_writer_replaces_them) {
  std::atomic<bool> done = false;
  const auto keep = [&](char letter) {
    write_map(Collection(home()), "map", "one", bytes_of(std::string(9000, letter)));
  };
  keep('a');
  auto writer = std::async(std::launch::async, [&] {
    for (char letter = 'b'; !done; letter = letter == 'z' ? 'b' : static_cast<char>(letter + 1)) {
      keep(letter);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  for (int i = 0; i < 20; ++i) {
    snapshot(home(), file(), {});
    restore_copy();
    EXPECT_EQ(outcome([&] { read_map(Collection(other()), "map"); }), std::nullopt);
    fs::remove(file());
    fs::remove_all(other());
  }
  done = true;
  writer.get();
}

TEST_F(SnapshotTest, maps_come_along_and_one_that_is_damaged_keeps_nothing_from_coming_back) {
  const std::string bytes(10000, 'm');
  const auto kept = [&](const std::string& name) {
    const auto read = read_map(Collection(other()), name);
    return std::string(reinterpret_cast<const char*>(read.data()), bytes.size());
  };
  write_map(Collection(home()), "good", "one", bytes_of(bytes));
  write_map(Collection(home()), "bad", "two", bytes_of(bytes));
  overwrite(home() / "maps/bad.map", 5000, 9);
  snapshot(home(), file(), {});
  restore_copy();
  EXPECT_EQ(Collection(other()).maps(), Collection(home()).maps());
  EXPECT_EQ(kept("good"), bytes);
  EXPECT_EQ(outcome([&] { kept("bad"); }), ErrorCode::corrupt);
}

TEST_F(SnapshotTest, a_damaged_map_makes_no_snapshot_larger_than_a_sound_one) {
  write_map(Collection(home()), "headless", "one", bytes_of(std::string(10000, 'm')));
  write_map(Collection(home()), "longer", "two", bytes_of(std::string(10000, 'm')));
  snapshot(home(), file(), {});
  const auto sound_size = fs::file_size(file());
  fs::remove(file());
  fs::resize_file(home() / "maps/headless.map", 0);
  for (const char* name : {"maps/headless.map", "maps/longer.map"}) {
    fs::resize_file(home() / name, 64 << 20);
  }
  snapshot(home(), file(), {});
  EXPECT_LE(fs::file_size(file()), sound_size);
  restore_copy();
  EXPECT_EQ(outcome([&] { read_map(Collection(other()), "headless"); }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { read_map(Collection(other()), "longer"); }), std::nullopt);
}

TEST_F(SnapshotTest, one_without_maps_is_as_older_programs_write_and_read_it) {
  snapshot(home(), file(), {});
  EXPECT_EQ(read_text(file())[16], 1);
  fs::remove(file());
  write_map(Collection(home()), "map", "one", bytes_of(std::string(10, 'm')));
  snapshot(home(), file(), {});
  EXPECT_EQ(read_text(file())[16], 2);
}

TEST_F(SnapshotTest, neither_overwrites_what_is_there) {
  replace_file(file(), std::string_view("mine"));
  EXPECT_EQ(outcome([&] { snapshot(home(), file(), {}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(read_text(file()), "mine");
  EXPECT_EQ(outcome([&] { restore(file(), home(), pictures(), {}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(outcome([&] { restore(file(), folder_ / "no/.alike", folder_ / "no", {}); }),
            ErrorCode::corrupt);
  EXPECT_FALSE(fs::exists(folder_ / "no"));
  EXPECT_EQ(outcome([&] { restore(file(), other(), file(), {}); }), ErrorCode::invalid_argument);
  EXPECT_TRUE(sound(home()));
}

TEST_F(SnapshotTest, a_restore_that_is_stopped_leaves_nothing) {
  snapshot(home(), file(), {});
  fs::create_directories(other().parent_path());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(outcome([&] {
              restore(file(), other(), other().parent_path(), {{}, stop.get_token()});
            }),
            ErrorCode::interrupted);
  EXPECT_TRUE(fs::is_empty(other().parent_path()));
}

TEST_F(SnapshotTest, truncated_and_flipped_snapshots_are_corrupt_and_leave_nothing) {
  snapshot(home(), file(), {});
  const std::string whole = read_text(file());
  fs::create_directories(other().parent_path());
  const auto refused = [&](const std::string& bytes) {
    File(file(), File::Mode::fresh).write_at(0, bytes_of(bytes));
    const auto code = outcome([&] { restore_copy(); });
    EXPECT_EQ(code, ErrorCode::corrupt);
    EXPECT_TRUE(fs::is_empty(other().parent_path()));
  };
  Random random(2);
  for (int i = 0; i < 300; ++i) refused(whole.substr(0, random.below(whole.size())));
  for (std::size_t size = 0; size < 200; ++size) refused(whole.substr(0, size));
  test::each_flip(whole, 300, refused);
  refused(whole + "x");
}

/// A snapshot with valid checksums of any files at all.
std::string forged(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string bytes;
  const auto put = [&](std::string_view piece) {
    const auto sum = checksum(std::as_bytes(std::span(piece)));
    bytes += piece;
    bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  };
  const auto number = [&](std::uint64_t value) {
    put({reinterpret_cast<const char*>(&value), sizeof value});
  };
  number(0x70616E73'6B696C61);
  number(1);
  number(files.size());
  for (const auto& [name, content] : files) {
    number(name.size());
    put(name);
    number(content.size());
    put(content);
  }
  return bytes;
}

TEST_F(SnapshotTest, names_in_a_hostile_snapshot_never_lead_out_of_the_folder) {
  const std::string catalog = read_text(home() / "catalog.db");
  for (const std::string name :
       {"../out.seg", "/tmp/out.seg", "spaces/../../out/vectors-0000.seg", "spaces/a/b.seg",
        "spaces/.a/vectors-0000.seg", "spaces/../vectors-0000.seg", "spaces/a/vectors-.seg",
        "spaces/a/vectors-0000.seg/x", "catalog.db", "catalog.sum", "lock", "",
        "spaces//vectors-0000.seg", "spaces/a/b/vectors-0000.seg"}) {
    replace_file(file(), forged({{"catalog.db", catalog}, {name, "content"}}));
    EXPECT_EQ(outcome([&] { restore_copy(); }), ErrorCode::corrupt) << name;
    EXPECT_TRUE(fs::is_empty(other().parent_path()));
  }
  replace_file(file(), forged({{"spaces/a/vectors-0000.seg", "content"}}));
  EXPECT_EQ(outcome([&] { restore_copy(); }), ErrorCode::corrupt);
}

TEST_F(SnapshotTest, a_hostile_catalog_in_a_snapshot_is_refused) {
  const auto forge = [&](const std::string& sql) {
    const auto copy = folder_ / "copy";
    fs::remove_all(copy);
    fs::copy(home(), copy, fs::copy_options::recursive);
    {
      Database database(copy / "catalog.db", Database::Mode::write);
      database.run(sql.c_str());
      database.checkpoint();
      database.checkpoint_on_close(true);
    }
    replace_file(file(), forged({{"catalog.db", read_text(copy / "catalog.db")},
                                 {"spaces/one/vectors-0000.seg", read_text(segment())},
                                 {"spaces/two/vectors-0000.seg",
                                  read_text(home() / "spaces/two/vectors-0000.seg")}}));
    const auto code = outcome([&] { restore_copy(); });
    fs::remove_all(other());
    return code;
  };
  EXPECT_EQ(forge("SELECT 1"), std::nullopt);
  for (const char* sql :
       {"UPDATE spaces SET name = '../../../out' WHERE name = 'one'",
        "UPDATE spaces SET name = '' WHERE name = 'one'",
        "UPDATE spaces SET name = 'three' WHERE name = 'one'",
        "UPDATE segments SET bytes = 1099511627776", "UPDATE segments SET rows = rows + 1",
        "UPDATE settings SET value = 'x' WHERE key = 'next_id'", "DROP TABLE items",
        "DROP TABLE segments", "UPDATE spaces SET pooling = 'x'",
        "CREATE VIEW v AS SELECT * FROM items", "CREATE INDEX i ON items(abs(size))",
        "CREATE TRIGGER t AFTER UPDATE ON settings BEGIN DELETE FROM rows; END",
        "UPDATE rows SET row = row + 1"}) {
    EXPECT_EQ(forge(sql), ErrorCode::corrupt) << sql;
    EXPECT_TRUE(fs::is_empty(other().parent_path()));
  }
  EXPECT_EQ(forge("PRAGMA user_version = 99"), ErrorCode::unsupported);
  replace_file(file(), forged({{"catalog.db", "no database"}}));
  EXPECT_EQ(outcome([&] { restore_copy(); }), ErrorCode::corrupt);
  replace_file(file(), forged({{"catalog.db", ""}}));
  EXPECT_EQ(outcome([&] { restore_copy(); }), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::collection
