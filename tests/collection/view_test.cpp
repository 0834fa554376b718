#include "alike/collection/view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "tests/support/cared_collection.h"
#include "tests/support/error_code.h"
#include "tests/support/without_leave.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

class ViewTest : public test::CaredCollection {
 protected:
  /// Item 30, with a row that moves, and the number of items.
  struct Seen {
    std::vector<float> row;
    std::uint64_t items = 0;
    std::size_t matching = 0;
    friend bool operator==(const Seen&, const Seen&) = default;
  };
  static Seen seen(const View& view) {
    return {view.row(30, "one").value(), view.item_count(), view.matching("id >= 0").size()};
  }
  /// Items with equal numbers in space "one".
  void add_items(ItemId first, ItemId last, float value) const {
    std::vector<ItemId> ids;
    for (ItemId id = first; id < last; ++id) ids.push_back(id);
    const std::vector<float> rows(ids.size() * 24, value);
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("one");
    const auto places = writer.append(space, ids, {rows.data(), ids.size(), 24});
    Transaction transaction(writer.database(), true);
    writer.catalog().set_next_id(last);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      Item item;
      item.id = ids[i];
      writer.catalog().add_item(item);
      writer.catalog().add_row(space, ids[i], places[i]);
    }
    writer.commit(transaction);
  }
};

TEST_F(ViewTest, stays_at_its_version_while_items_go_and_rows_move) {
  const Collection opened(home());
  const View view(opened);
  const Seen before = seen(view);
  remove_items(0, 10);
  compact(home(), {});
  EXPECT_EQ(seen(view), before);
  const Seen after = seen(View(opened));
  EXPECT_EQ(after.items, 30U);
  EXPECT_EQ(after.row, before.row);
}

TEST_F(ViewTest, gives_ids_page_by_page) {
  remove_items(0, 10);
  const Collection opened(home());
  const View view(opened);
  const auto all = view.matching("id >= 0");
  EXPECT_EQ(view.last_id(), all.back());
  std::vector<ItemId> found;
  for (auto page = view.ids_after(-1, 7); !page.empty(); page = view.ids_after(found.back(), 7)) {
    EXPECT_LE(page.size(), 7U);
    found.insert(found.end(), page.begin(), page.end());
  }
  EXPECT_EQ(found, all);
  EXPECT_TRUE(view.ids_after(all.back(), 7).empty());
}

TEST_F(ViewTest, says_that_its_version_is_gone_and_another_one_answers) {
  const Collection opened(home());
  {
    const View view(opened);
    remove_items(0, 10);
    compact(home(), {});
    EXPECT_THROW(seen(view), VersionGone);
  }
  int asked = 0;
  const Seen found = read(opened, [&](const View& view) {
    if (++asked == 1) {
      remove_items(10, 12);
      compact(home(), {});
    }
    return seen(view);
  });
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(found.items, 28U);
}

TEST_F(ViewTest, names_a_missing_file_as_damage_where_nobody_wrote) {
  const Collection opened(home());
  fs::remove(segment());
  EXPECT_EQ(test::error_code([&] { opened.row(30, "one"); }), ErrorCode::corrupt);
}

TEST_F(ViewTest, keeps_files_mapped_from_version_to_version_where_they_are_the_same) {
  const Collection opened(home());
  const auto before = opened.rows("one");
  Collection(home()).set_default_space("two");
  EXPECT_EQ(opened.rows("one"), before);
  remove_items(0, 1);
  EXPECT_NE(opened.rows("one"), before);
}

TEST_F(ViewTest, sees_the_catalog_that_repair_puts_in_place) {
  const Collection opened(home());
  EXPECT_EQ(View(opened).item_count(), 40U);
  remove_items(0, 10);
  fs::remove(home() / "catalog.sum");
  for (const char* name : {"catalog.db-wal", "catalog.db-shm"}) fs::remove(home() / name);
  fs::copy_file(home() / "catalog.db", home() / "copy");
  fs::rename(home() / "copy", home() / "catalog.db");
  EXPECT_EQ(View(opened).item_count(), 30U);
}

TEST_F(ViewTest, takes_no_new_segment_for_one_that_is_gone) {
  const Collection opened(home());
  const auto before = opened.rows("one");  // mapped
  remove_items(0, 40);
  compact(home(), {});
  add_items(40, 80, 0.5F);  // as many as there were
  EXPECT_FALSE(fs::exists(segment()));
  EXPECT_NE(opened.rows("one"), before);
  EXPECT_EQ(opened.row(50, "one"), std::vector<float>(24, 0.5F));
}

TEST_F(ViewTest, takes_no_segment_of_a_new_space_for_one_of_the_same_name) {
  Collection opened(home());
  opened.remove_space("two");
  std::vector<std::string> paths;
  for (int i = 0; i < 40; ++i) paths.push_back("folder/" + std::to_string(i) + ".png");
  import_rows(opened, Matrix(40, 24), paths, "two", index::Metric::l2);
  EXPECT_FALSE(fs::exists(home() / "spaces/two/vectors-0000.seg"));
  EXPECT_TRUE(fs::exists(home() / "spaces/two/vectors-0001.seg"));
}

TEST_F(ViewTest, keeps_a_connection_only_to_the_catalog_that_is_there) {
  const Collection opened(home());
  {
    const View view(opened);
    fs::copy_file(home() / "catalog.db", home() / "copy");
    fs::rename(home() / "copy", home() / "catalog.db");
    EXPECT_EQ(View(opened).item_count(), 40U);  // has seen the new one
  }
  remove_items(0, 10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(View(opened).item_count(), 30U);
  const View first(opened), second(opened);  // whatever is kept
  EXPECT_EQ(first.item_count(), 30U);
  EXPECT_EQ(second.item_count(), 30U);
}

/// A copy that was never written to has no WAL, and a user who may not write can make none.
class ViewWithoutLeave : public ViewTest {
 protected:
  void SetUp() override {
    if (!test::can_be_without_leave()) GTEST_SKIP() << "only root can become another user";
    for (const char* name : {"catalog.db-wal", "catalog.db-shm"}) fs::remove(home() / name);
  }
};

TEST_F(ViewWithoutLeave, keeps_writers_out_for_one_answer) {
  std::promise<void> reading, tried;
  std::uint64_t before = 0, after = 0;
  std::optional<ErrorCode> of_reader;
  auto reader = std::async(std::launch::async, [&] {
    test::without_leave([&] {
      of_reader = test::error_code([&] {
        const Collection opened(home());
        {
          const View view(opened);
          reading.set_value();
          tried.get_future().wait();
          before = view.item_count();
        }
        after = View(opened).item_count();
      });
    });
  });
  ASSERT_EQ(reading.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(current_writer(home()), std::nullopt);
  auto writer = std::async(std::launch::async, [&] { remove_items(0, 10); });
  EXPECT_EQ(writer.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  tried.set_value();
  writer.get();
  reader.get();
  EXPECT_EQ(of_reader, std::nullopt);
  EXPECT_EQ(before, 40U);
  EXPECT_TRUE(after == 40 || after == 30) << after;
  EXPECT_TRUE(sound(home()));
}

TEST_F(ViewWithoutLeave, waits_for_a_writer_that_leaves_what_readers_need) {
  std::future<void> end;
  {
    auto lock = std::make_unique<WriterLock>(home());
    end = std::async(std::launch::async, [lock = std::move(lock)]() mutable {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      lock.reset();
    });
  }
  std::optional<ErrorCode> of_reader;
  std::uint64_t items = 0;
  test::without_leave([&] {
    of_reader = test::error_code([&] { items = View(Collection(home())).item_count(); });
  });
  EXPECT_EQ(of_reader, std::nullopt);
  EXPECT_EQ(items, 40U);
}

TEST_F(ViewTest, gives_rows_of_several_items_and_zeros_for_those_without) {
  const Collection opened(home());
  const View view(opened);
  const std::vector<ItemId> ids{7, 1000, 3};
  std::vector<bool> there;
  const Matrix rows = view.rows_of(ids, "one", there);
  EXPECT_EQ(there, (std::vector<bool>{true, false, true}));
  EXPECT_TRUE(std::ranges::equal(rows.row(0), opened.row(7, "one").value()));
  EXPECT_TRUE(std::ranges::equal(rows.row(2), opened.row(3, "one").value()));
}

/// Items go, the rest is rewritten, a map of files changes under the readers.
TEST_F(ViewTest, shows_no_damage_beside_a_writer) {
  const Collection opened(home());
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0;
  std::vector<std::string> errors(3);
  std::vector<std::thread> readers;
  for (std::string& error : errors) {
    readers.emplace_back([&] {
      try {
        while (!done) {
          for (ItemId id = 30; id < 40; ++id) {
            if (!opened.row(id, "one")) throw std::runtime_error("a row is not there");
          }
          const auto found = verify(home(), {});
          if (!found.damage.empty()) throw std::runtime_error(found.damage[0].what);
          ++answers;
        }
      } catch (const std::exception& failed) {
        error = failed.what();
      }
    });
  }
  for (ItemId id = 0; id < 30 || answers < 20; ++id) {
    if (id < 30) remove_items(id, id + 1);
    compact(home(), {});
    repair(home(), {});
    if (std::ranges::any_of(errors, [](const auto& error) { return !error.empty(); })) break;
  }
  done = true;
  for (auto& reader : readers) reader.join();
  for (const auto& error : errors) EXPECT_EQ(error, "");
}

}  // namespace
}  // namespace alike::collection
