// Verify, repair and compact; snapshots have their own file.
#include "alike/collection/care/care.h"

#include <gtest/gtest.h>

#include "alike/base/file.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/writer.h"
#include "tests/support/cared_collection.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::Content;
using test::outcome;

class CareTest : public test::CaredCollection {
 protected:
  /// Runs `work` on the catalog as a writer would, past all that a writer checks.
  static void change(const fs::path& home, const std::string& sql) {
    Writer writer(home, Writer::Begin::as_is);
    writer.database().run(sql.c_str());
  }
  static void flip(const fs::path& path, std::uint64_t bit) {
    File target(path, File::Mode::update);
    std::vector<std::byte> byte(1);
    target.read_at(bit / 8, byte);
    byte[0] ^= std::byte{1} << static_cast<int>(bit % 8);
    target.write_at(bit / 8, byte);
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
      EXPECT_EQ(report.damage[0].remedy, repair_remedy());
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

TEST_F(CareTest, a_rebuilt_catalog_outlives_a_kill_before_it_is_in_place) {
  const Content before = content(home());
  for (const bool by_repair : {true, false}) {
    // As a kill leaves it: the new one is whole, the old one has lost its WAL.
    fs::create_directories(home() / "salvaged");
    fs::copy_file(home() / "catalog.db", home() / "salvaged/catalog.db");
    for (const char* name : {"catalog.db-wal", "catalog.db-shm"}) fs::remove(home() / name);
    overwrite(home() / "catalog.db", 0, 4096);
    if (by_repair) {
      repair(home(), {});
    } else {
      const Writer writer(home());
    }
    EXPECT_FALSE(fs::exists(home() / "salvaged"));
    EXPECT_TRUE(sound(home()));
    EXPECT_EQ(content(home()), before);
  }
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

}  // namespace
}  // namespace alike::collection
