// Verify, repair, compact, snapshot and restore, on collections of imported rows.
#include "alike/collection/care.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "alike/base/file.h"
#include "alike/collection/catalog_sum.h"
#include "alike/collection/ingest.h"
#include "alike/collection/writer.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::outcome;

using Content = std::map<std::string, std::vector<float>>;

class CareTest : public testing::Test {
 protected:
  CareTest() {
    fs::create_directories(pictures());
    Collection collection = Collection::create(pictures(), home());
    Matrix rows(40, 24);
    Random random(4);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < 40; ++i) {
      paths.push_back("folder/" + std::to_string(i) + ".png");
      for (auto& value : rows.row(i)) value = static_cast<float>(random.uniform());
    }
    import_rows(collection, rows, paths, "one", index::Metric::l2);
    import_rows(collection, rows, paths, "two", index::Metric::cosine);
    for (const std::string name : {"spaces/one/vectors-0000.seg", "spaces/two/vectors-0000.seg"}) {
      segments_[name] = read_text(home() / name);
    }
  }

  fs::path pictures() const { return folder_ / "pictures"; }
  fs::path home() const { return folder_ / "pictures/.alike"; }
  fs::path file() const { return folder_ / "copy.snap"; }
  fs::path other() const { return folder_ / "other/.alike"; }
  fs::path segment() const { return home() / "spaces/one/vectors-0000.seg"; }

  /// What a collection says, item by item and space by space.
  static Content content(const fs::path& home) {
    const Collection collection(home);
    Content all;
    for (const auto& space : collection.spaces()) {
      for (ItemId id = 0; id < 60; ++id) {
        const auto item = collection.item(id);
        const auto row = collection.row(id, space.name);
        if (item && row) all[space.name + " " + std::to_string(id) + " " + item->path] = *row;
      }
    }
    return all;
  }
  /// Runs `work` on the catalog as a writer would, past all that a writer checks.
  static void change(const fs::path& home, const std::string& sql) {
    Writer writer(home, Writer::Begin::as_is);
    writer.database().run(sql.c_str());
  }
  void remove_items(ItemId first, ItemId last) const {
    Writer writer(home());
    Transaction transaction(writer.database(), true);
    for (ItemId id = first; id < last; ++id) writer.catalog().remove_item(id);
    writer.commit(transaction);
  }
  static void flip(const fs::path& path, std::uint64_t bit) {
    File target(path, File::Mode::update);
    std::vector<std::byte> byte(1);
    target.read_at(bit / 8, byte);
    byte[0] ^= std::byte{1} << static_cast<int>(bit % 8);
    target.write_at(bit / 8, byte);
  }
  static void overwrite(const fs::path& path, std::uint64_t offset, std::size_t size) {
    File(path, File::Mode::update).write_at(offset, std::vector<std::byte>(size, std::byte{0x5a}));
  }
  void restore_copy() const {
    fs::create_directories(other().parent_path());
    restore(file(), other(), other().parent_path(), {});
  }
  /// `sql` makes the catalog corrupt, and repair mends it without loss to space "one".
  void expect_mended(const std::string& sql) const {
    SCOPED_TRACE(sql);
    change(home(), sql);
    EXPECT_EQ(outcome([&] {
                Writer writer(home(), Writer::Begin::as_is);
                writer.catalog().next_id();
                writer.catalog().spaces();
              }),
              ErrorCode::corrupt);
    repair(home(), {});
    EXPECT_TRUE(sound(home()));
    EXPECT_EQ(Writer(home()).catalog().next_id(), 40);
    EXPECT_EQ(Collection(home()).space("one").rows, 40u);
  }
  static bool sound(const fs::path& home) { return verify(home, {}).damage.empty(); }

  test::TemporaryFolder folder_;
  std::map<std::string, std::string> segments_;  ///< As they were made.
};

TEST_F(CareTest, verify_counts_what_is_there) {
  const auto report = verify(home(), {});
  EXPECT_TRUE(report.damage.empty());
  EXPECT_EQ(report.items, 40u);
  EXPECT_EQ(report.rows, 80u);
  EXPECT_EQ(report.files, 4u);
  EXPECT_EQ(outcome([&] { verify(folder_ / "no", {}); }), ErrorCode::not_found);
}

TEST_F(CareTest, flipped_bits_are_found_with_their_place_and_put_right) {
  const Content before = content(home());
  Random random(8);
  for (const std::string name : {"catalog.db", "catalog.sum", "spaces/one/vectors-0000.seg"}) {
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t bit = random.below(fs::file_size(home() / name) * 8);
      SCOPED_TRACE(name + " bit " + std::to_string(bit));
      flip(home() / name, bit);
      const auto report = verify(home(), {});
      ASSERT_FALSE(report.damage.empty());
      EXPECT_EQ(report.damage[0].file, name);
      EXPECT_LE(report.damage[0].offset, bit / 8);
      EXPECT_GE(report.damage[0].offset + 4096, bit / 8);
      EXPECT_EQ(report.damage[0].remedy, "alike repair");
      const auto repaired = repair(home(), {});
      EXPECT_EQ(repaired.rows_lost, 0u);
      EXPECT_FALSE(repaired.done.empty());
      ASSERT_TRUE(sound(home()));
      ASSERT_EQ(content(home()), before);
    }
  }
}

TEST_F(CareTest, a_reader_never_gives_a_damaged_row) {
  overwrite(segment(), fs::file_size(segment()) - 512, 64);
  const Collection collection(home());
  int refused = 0;
  for (ItemId id = 0; id < 40; ++id) {
    refused += outcome([&] { collection.row(id, "one"); }) == ErrorCode::corrupt ? 1 : 0;
    EXPECT_TRUE(collection.row(id, "two"));
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(outcome([&] { compact(home(), {}); }), std::nullopt);  // nothing there to rewrite
}

TEST_F(CareTest, repair_of_a_whole_collection_does_nothing) {
  const Content before = content(home());
  EXPECT_TRUE(repair(home(), {}).done.empty());
  EXPECT_EQ(content(home()), before);
}

TEST_F(CareTest, repair_drops_only_the_rows_of_a_block_beyond_mending) {
  const Content before = content(home());
  overwrite(segment(), fs::file_size(segment()) - 200, 100);
  const auto report = repair(home(), {});
  EXPECT_GT(report.rows_lost, 0u);
  EXPECT_TRUE(sound(home()));
  const Content after = content(home());
  EXPECT_EQ(after.size() + report.rows_lost, before.size());
  for (const auto& [key, row] : after) EXPECT_EQ(row, before.at(key));
}

TEST_F(CareTest, repair_drops_the_rows_of_a_segment_that_is_gone_or_cut_short) {
  for (const bool gone : {true, false}) {
    const Content before = content(home());
    const auto path = gone ? segment() : home() / "spaces/two/vectors-0000.seg";
    gone ? void(fs::remove(path)) : fs::resize_file(path, fs::file_size(path) / 2);
    EXPECT_FALSE(sound(home()));
    EXPECT_EQ(repair(home(), {}).rows_lost, 40u);
    EXPECT_TRUE(sound(home()));
    EXPECT_EQ(content(home()).size(), before.size() - 40);
  }
}

TEST_F(CareTest, a_catalog_without_its_sum_is_measured_anew) {
  remove_catalog_sum(home());
  repair(home(), {});
  EXPECT_TRUE(fs::exists(home() / "catalog.sum"));
  EXPECT_TRUE(sound(home()));
}

TEST_F(CareTest, a_catalog_damaged_beyond_mending_is_rebuilt_or_said_to_be_lost) {
  const Content before = content(home());
  const auto pages = fs::file_size(home() / "catalog.db") / 4096;
  const std::string catalog = read_text(home() / "catalog.db");
  const std::string sum = read_text(home() / "catalog.sum");
  int rebuilt = 0;
  for (std::uint64_t page = 0; page < pages; ++page) {
    SCOPED_TRACE("page " + std::to_string(page));
    overwrite(home() / "catalog.db", page * 4096 + 300, 3000);
    EXPECT_FALSE(sound(home()));
    const auto code = outcome([&] { repair(home(), {}); });
    if (!code) {
      ++rebuilt;
      EXPECT_TRUE(sound(home()));
      for (const auto& [key, row] : content(home())) EXPECT_EQ(row, before.at(key));
    } else {
      EXPECT_EQ(code, ErrorCode::corrupt);
    }
    for (const char* name : {"catalog.db-wal", "catalog.db-shm"}) fs::remove(home() / name);
    replace_file(home() / "catalog.db", catalog);
    replace_file(home() / "catalog.sum", sum);
    fs::remove_all(home() / "spaces");
    fs::create_directories(home() / "spaces/one");
    fs::create_directories(home() / "spaces/two");
    for (const auto& [name, bytes] : segments_) replace_file(home() / name, bytes);
  }
  EXPECT_GT(rebuilt, 0);
}

TEST_F(CareTest, a_next_id_that_cannot_be_is_corrupt_and_mended) {
  for (const char* sql : {"UPDATE settings SET value = 'many' WHERE key = 'next_id'",
                          "UPDATE settings SET value = '-5' WHERE key = 'next_id'",
                          "DELETE FROM settings WHERE key = 'next_id'"}) {
    expect_mended(sql);
    EXPECT_EQ(Collection(home()).space("two").rows, 40u);
  }
}

TEST_F(CareTest, a_pooling_that_cannot_be_is_corrupt_and_costs_that_space) {
  expect_mended("UPDATE spaces SET pooling = 'sum' WHERE name = 'two'");
}

TEST_F(CareTest, a_metric_that_cannot_be_is_corrupt_and_costs_that_space) {
  expect_mended("UPDATE spaces SET metric = 'taxi' WHERE name = 'two'");
}

TEST_F(CareTest, a_width_that_cannot_be_is_corrupt_not_a_crash) {
  for (const char* width : {"0", "-1", "4611686018427387904"}) {
    change(home(), "UPDATE spaces SET width = " + std::string(width) + " WHERE name = 'two'");
    EXPECT_EQ(outcome([&] { Collection(home()).rows("two"); }), ErrorCode::corrupt) << width;
  }
  repair(home(), {});
  EXPECT_TRUE(Collection(home()).rows("one"));
}

TEST_F(CareTest, a_row_count_that_cannot_be_does_not_keep_repair_for_ever) {
  change(home(), "UPDATE segments SET rows = 4611686018427387904 WHERE space = 2");
  overwrite(home() / "catalog.db", fs::file_size(home() / "catalog.db") - 4096 + 20, 2000);
  const auto code = outcome([&] { repair(home(), {}); });
  EXPECT_EQ(code.value_or(ErrorCode::corrupt), ErrorCode::corrupt);
}

TEST_F(CareTest, compact_gives_back_the_space_of_dead_rows_and_changes_nothing_else) {
  remove_items(5, 35);
  const Content before = content(home());
  ASSERT_EQ(before.size(), 20u);
  const auto size = fs::file_size(segment());
  const auto report = compact(home(), {});
  EXPECT_LT(report.bytes_after, report.bytes_before);
  EXPECT_EQ(content(home()), before);
  EXPECT_FALSE(fs::exists(segment()));
  EXPECT_LT(fs::file_size(home() / "spaces/one/vectors-0001.seg"), size);
  EXPECT_TRUE(sound(home()));
}

TEST_F(CareTest, compact_of_nothing_dead_leaves_the_rows_where_they_are) {
  const std::string rows = read_text(segment());
  compact(home(), {});
  EXPECT_EQ(read_text(segment()), rows);
}

TEST_F(CareTest, compact_when_all_items_are_gone_leaves_an_empty_space) {
  remove_items(0, 40);
  compact(home(), {});
  EXPECT_EQ(Collection(home()).space("one").rows, 0u);
  EXPECT_TRUE(sound(home()));
}

TEST_F(CareTest, compact_refuses_damaged_rows) {
  remove_items(0, 3);
  overwrite(segment(), fs::file_size(segment()) - 200, 100);
  EXPECT_EQ(outcome([&] { compact(home(), {}); }), ErrorCode::corrupt);
  EXPECT_TRUE(fs::exists(segment()));
}

TEST_F(CareTest, compact_that_is_stopped_changes_nothing) {
  remove_items(0, 3);
  const Content before = content(home());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(outcome([&] { compact(home(), {{}, stop.get_token()}); }), ErrorCode::interrupted);
  EXPECT_EQ(content(home()), before);
  EXPECT_TRUE(sound(home()));
}

TEST_F(CareTest, a_snapshot_gives_the_collection_back) {
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

TEST_F(CareTest, a_snapshot_is_of_one_moment_while_a_writer_goes_on) {
  Writer writer(home());
  Transaction transaction(writer.database(), true);
  writer.catalog().remove_item(1);
  snapshot(home(), file(), {});
  writer.commit(transaction);
  restore_copy();
  EXPECT_TRUE(Collection(other()).item(1));
}

TEST_F(CareTest, neither_overwrites_what_is_there) {
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

TEST_F(CareTest, a_restore_that_is_stopped_leaves_nothing) {
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

TEST_F(CareTest, truncated_and_flipped_snapshots_are_corrupt_and_leave_nothing) {
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

TEST_F(CareTest, names_in_a_hostile_snapshot_never_lead_out_of_the_folder) {
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

TEST_F(CareTest, a_hostile_catalog_in_a_snapshot_is_refused) {
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
