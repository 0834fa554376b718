#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/collection/care/care.h"
#include "alike/collection/collection.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/mapped_graph.h"
#include "alike/index/flat/flat.h"
#include "tests/support/random_matrix.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRows = 4000, kWidth = 120;

class GraphFilesTest : public testing::Test {
 protected:
  GraphFilesTest() : rows_(test::clustered_matrix(kRows, kWidth, 1, 1, 100)) {
    Collection made = Collection::create(folder_.path(), home());
    import_rows(made, rows_, {}, "mine", index::Metric::cosine, {.kind = IndexKind::graph});
  }

  fs::path home() const { return folder_ / ".alike"; }
  fs::path file() const { return home() / "spaces/mine" / kGraphFile; }
  IndexChange change(IndexKind kind, const Watcher& watcher = {}) const {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("mine");
    Transaction transaction(writer.database(), true);
    writer.catalog().set_index(space, kind);
    writer.commit(transaction);
    return refresh_index(writer, space, 2, watcher);
  }
  /// Rows in the graph, after making sure that answers are nearly those of the exact scan.
  std::uint64_t linked_rows() const {
    const Collection collection(home());
    const SpaceIndex found = collection.index();
    const Matrix queries = test::clustered_matrix(20, kWidth, 1, 2, 100);
    const auto answers = found.index->search_batch(queries, {});
    const auto truth = index::Flat(found.rows, index::Metric::cosine).search_batch(queries, {});
    std::size_t hits = 0;
    for (std::size_t q = 0; q < queries.rows(); ++q) {
      EXPECT_EQ(answers[q].neighbors.size(), 10U);
      for (const auto& neighbor : answers[q].neighbors) {
        hits += std::ranges::count(truth[q].neighbors, neighbor) != 0 ? 1U : 0U;
      }
    }
    EXPECT_GE(hits, 190U);
    return found.linked_rows;
  }
  void add_rows(std::size_t count) const {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("mine");
    Transaction transaction(writer.database(), true);
    const ItemId first = writer.catalog().next_id();
    const Matrix more = test::clustered_matrix(count, kWidth, 1, 3, 100);
    std::vector<ItemId> ids(count);
    for (std::size_t i = 0; i < count; ++i) {
      ids[i] = first + static_cast<ItemId>(i);
      Item item;
      item.id = ids[i];
      item.path = std::to_string(ids[i]) + ".png";
      writer.catalog().add_item(item);
    }
    const auto places = writer.append(space, ids, more);
    for (std::size_t i = 0; i < count; ++i) writer.catalog().add_row(space, ids[i], places[i]);
    writer.catalog().set_next_id(first + static_cast<ItemId>(count));
    writer.commit(transaction);
  }
  void remove_rows(ItemId count) const {
    Writer writer(home());
    Transaction transaction(writer.database(), true);
    for (ItemId id = 0; id < count; ++id) writer.catalog().remove_item(id);
    writer.commit(transaction);
  }

  test::TemporaryFolder folder_;
  Matrix rows_;
};

TEST_F(GraphFilesTest, a_system_that_is_short_of_files_for_a_moment_costs_no_graph) {
  const Collection collection(home());
  collection.rows();  // mapped, and a connection is kept
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const int next = ::dup(0);
  ::close(next);
  const rlimit full{static_cast<rlim_t>(next), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &full);
  const IndexKind then = collection.index().kind;
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(then, IndexKind::flat);
  EXPECT_EQ(collection.index().kind, IndexKind::graph);
}

TEST_F(GraphFilesTest, answer_with_a_recall_that_was_measured) {
  EXPECT_EQ(linked_rows(), kRows);
  const SpaceIndex found = Collection(home()).index();
  EXPECT_EQ(found.kind, IndexKind::graph);
  EXPECT_GT(found.measured_recall, 0.95);
  EXPECT_EQ(found.index->search(rows_.row(7), {.k = 1}).neighbors.front().id, 7);
  EXPECT_TRUE(verify(home(), {}).damage.empty());
}

TEST_F(GraphFilesTest, come_and_go_as_the_space_is_set) {
  const auto before = read_file(file(), 64 << 20);
  EXPECT_FALSE(change(IndexKind::graph).any());
  EXPECT_EQ(change(IndexKind::coded).removed, 1U);
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_EQ(Collection(home()).index().kind, IndexKind::coded);
  EXPECT_EQ(change(IndexKind::graph).linked, kRows);
  EXPECT_EQ(read_file(file(), 64 << 20), before);
}

TEST_F(GraphFilesTest, take_in_new_rows_once_they_are_a_tenth) {
  add_rows(300);
  EXPECT_EQ(linked_rows(), kRows);
  EXPECT_FALSE(change(IndexKind::graph).any());
  const Collection collection(home());
  const auto new_row = collection.row(kRows + 5).value();
  EXPECT_EQ(collection.index().index->search(new_row, {.k = 1}).neighbors.front().id, kRows + 5);
  add_rows(300);
  EXPECT_EQ(change(IndexKind::graph).linked, 600U);
  EXPECT_EQ(linked_rows(), kRows + 600);
}

TEST_F(GraphFilesTest, that_are_damaged_are_passed_over_found_and_made_anew) {
  const auto good = read_file(file(), 64 << 20);
  for (std::size_t at = 5; at < good.size(); at += good.size() / 7) {
    auto bad = good;
    bad[at] ^= std::byte{16};
    replace_file(file(), bad);
    linked_rows();
    const auto report = verify(home(), {});
    ASSERT_FALSE(report.damage.empty()) << at;
    EXPECT_EQ(report.damage[0].file, "spaces/mine/graph.seg");
    EXPECT_EQ(report.damage[0].remedy, repair_remedy());
    EXPECT_EQ(repair(home(), {}).done.size(), 1U) << at;
    EXPECT_EQ(read_file(file(), 64 << 20), good);
  }
  for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 5) {
    replace_file(file(), std::span(good).first(size));
    EXPECT_EQ(linked_rows(), 0U);
    EXPECT_FALSE(verify(home(), {}).damage.empty());
  }
}

TEST_F(GraphFilesTest, of_other_rows_are_passed_over) {
  test::TemporaryFolder other;
  Collection made = Collection::create(other.path(), other / ".alike");
  const Matrix rows = test::clustered_matrix(kRows, kWidth, 9, 1);
  import_rows(made, rows, {}, "mine", index::Metric::cosine);
  fs::copy_file(file(), other / ".alike/spaces/mine" / kGraphFile);
  EXPECT_EQ(Collection(other / ".alike").index().kind, IndexKind::flat);
}

TEST_F(GraphFilesTest, leave_out_what_was_removed_and_are_made_anew_when_compacted) {
  remove_rows(500);
  EXPECT_EQ(linked_rows(), kRows);
  compact(home(), {});
  EXPECT_EQ(linked_rows(), kRows - 500);
  EXPECT_TRUE(verify(home(), {}).damage.empty());
  snapshot(home(), folder_ / "copy", {});
  fs::remove_all(home());
  restore(folder_ / "copy", home(), folder_.path(), {});
  EXPECT_EQ(linked_rows(), kRows - 500);
}

TEST_F(GraphFilesTest, are_kept_as_they_were_when_making_them_is_stopped) {
  change(IndexKind::flat);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(change(IndexKind::graph, {{}, source.get_token()}), Error);
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_EQ(Collection(home()).index().kind, IndexKind::flat);
}

}  // namespace
}  // namespace alike::collection
