// A collection with planted links in its folder: nothing outside is written or removed.
#include <gtest/gtest.h>

#include "alike/collection/store/index_files.h"
#include "tests/support/cared_collection.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;
using test::outcome;

class ForeignFilesTest : public test::CaredCollection {
 protected:
  ForeignFilesTest() {
    fs::create_directories(folder_ / "outside");
    replace_file(victim(), "precious");
  }
  fs::path victim() const { return folder_ / "outside/vectors-0007.seg"; }
  void expect_victim_whole() const { EXPECT_EQ(read_text(victim()), "precious"); }
  void link(const std::string& name) const {
    fs::remove(home() / name);
    fs::create_symlink(victim(), home() / name);
  }
};

TEST_F(ForeignFilesTest, a_linked_lock_is_not_written) {
  link("lock");
  EXPECT_EQ(outcome([&] { Writer{home()}; }), ErrorCode::corrupt);
  expect_victim_whole();
}

TEST_F(ForeignFilesTest, a_linked_folder_of_a_space_is_not_cleared) {
  fs::rename(home() / "spaces/one", folder_ / "one");
  fs::create_directory_symlink(victim().parent_path(), home() / "spaces/one");
  EXPECT_EQ(outcome([&] { Writer{home()}; }), ErrorCode::corrupt);
  fs::remove(home() / "spaces/one");
  fs::rename(folder_ / "one", home() / "spaces/one");
  fs::create_directory_symlink(victim().parent_path(), home() / "spaces/gone");
  { const Writer writer(home()); }  // a space that the catalog does not know: the link goes
  EXPECT_FALSE(fs::is_symlink(home() / "spaces/gone"));
  expect_victim_whole();
}

TEST_F(ForeignFilesTest, a_linked_segment_is_neither_read_nor_extended) {
  link("spaces/one/vectors-0000.seg");
  EXPECT_EQ(outcome([&] { Writer{home()}; }), ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { Collection(home()).rows("one"); }), ErrorCode::corrupt);
  EXPECT_FALSE(sound(home()));
  EXPECT_EQ(outcome([&] { repair(home(), {}); }), ErrorCode::corrupt);  // its rows are not dropped
  expect_victim_whole();
}

TEST_F(ForeignFilesTest, files_that_follow_from_the_rows_take_the_place_of_links) {
  for (const std::string name : {"codes-0000.seg", "codes-0000.seg.new", "graph.seg"}) {
    link("spaces/one/" + name);
  }
  for (const IndexKind kind : {IndexKind::coded, IndexKind::graph}) {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("one");
    Transaction transaction(writer.database(), true);
    writer.catalog().set_index(space, kind);
    writer.commit(transaction);
    refresh_index(writer, space, 1, {});
  }
  EXPECT_FALSE(fs::is_symlink(home() / "spaces/one/graph.seg"));
  expect_victim_whole();
}

TEST_F(ForeignFilesTest, rows_are_not_added_to_a_segment_with_a_second_name) {
  const auto backup = folder_ / "backup.seg";
  fs::create_hard_link(segment(), backup);
  const std::string before = read_text(backup);
  {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("one");
    Transaction transaction(writer.database(), true);
    Item item;
    item.id = writer.catalog().next_id();
    item.path = "more.png";
    writer.catalog().add_item(item);
    const Matrix row(1, 24);
    const std::vector<ItemId> ids{item.id};
    writer.catalog().add_row(space, item.id, writer.append(space, ids, row).at(0));
    writer.catalog().set_next_id(item.id + 1);
    writer.commit(transaction);
  }
  EXPECT_EQ(read_text(backup), before);
  EXPECT_EQ(Collection(home()).space("one").rows, 41U);
  EXPECT_TRUE(sound(home()));
}

TEST_F(ForeignFilesTest, sqlite_is_given_plain_files_only) {
  for (const std::string name : {"catalog.db", "catalog.db-wal", "catalog.db-shm"}) {
    const auto file = home() / name, kept = folder_ / "kept";
    const bool there = fs::exists(file);
    if (there) fs::rename(file, kept);
    fs::create_symlink(there ? kept : victim(), file);
    EXPECT_EQ(outcome([&] { Collection{home()}; }), ErrorCode::corrupt) << name;
    fs::remove(file);
    fs::create_hard_link(there ? kept : victim(), file);
    EXPECT_EQ(outcome([&] { Writer{home()}; }), ErrorCode::corrupt) << name;
    fs::remove(file);
    if (there) fs::rename(kept, file);
  }
  replace_file(home() / "catalog.db-journal", "a journal");
  EXPECT_EQ(outcome([&] { Collection{home()}; }), ErrorCode::corrupt);
  fs::remove(home() / "catalog.db-journal");
  EXPECT_TRUE(sound(home()));
  expect_victim_whole();
}

TEST_F(ForeignFilesTest, a_collection_that_nobody_named_is_not_reached_through_a_link) {
  fs::rename(home(), folder_ / "elsewhere");
  fs::create_directory_symlink(folder_ / "elsewhere", home());
  EXPECT_EQ(outcome([&] { Collection::find(pictures()); }), ErrorCode::unsupported);
  EXPECT_EQ(Collection(home()).spaces().size(), 2U);
}

}  // namespace
}  // namespace alike::collection
