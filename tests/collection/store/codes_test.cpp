#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/collection/care/care.h"
#include "alike/collection/collection.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/mapped_codes.h"
#include "alike/index/flat/flat.h"
#include "tests/support/random_matrix.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRows = 3000, kWidth = 200;  // three groups

class CodesTest : public testing::Test {
 protected:
  CodesTest() : rows_(test::clustered_matrix(kRows, kWidth, 1, 1)) {
    Collection made = Collection::create(folder_.path(), home());
    import_rows(made, rows_, {}, "mine", index::Metric::l2);
    set(IndexKind::coded);
  }

  fs::path home() const { return folder_ / ".alike"; }
  fs::path file() const { return home() / "spaces/mine/codes-0000.seg"; }
  /// As `alike index --index` at its end; false when there was nothing to do.
  IndexChange change(IndexKind kind) const {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("mine");
    Transaction transaction(writer.database(), true);
    writer.catalog().set_index(space, kind);
    writer.commit(transaction);
    return refresh_index(writer, space, 2, {});
  }
  bool set(IndexKind kind) const { return change(kind).any(); }
  /// Rows with codes, after making sure that answers are those of the exact scan.
  std::uint64_t coded_rows() const {
    const Collection collection(home());
    const SpaceIndex found = collection.index();
    const Matrix queries = test::clustered_matrix(5, kWidth, 1, 2);
    const auto answers = found.index->search_batch(queries, {});
    const auto truth = index::Flat(found.rows, index::Metric::l2).search_batch(queries, {});
    for (std::size_t q = 0; q < queries.rows(); ++q) {
      EXPECT_EQ(answers[q].neighbors, truth[q].neighbors);
    }
    return found.coded_rows;
  }
  /// Adds rows behind the codes and then their codes, of `kind`.
  void expect_extended(IndexKind kind);
  /// Damages the codes in many places; `repair` makes them as they were.
  void expect_mended();
  /// Cuts the codes off in many places, and puts them beside other rows.
  void expect_passed_over();
  std::vector<std::byte> content() const { return read_file(file(), 64 << 20); }

  test::TemporaryFolder folder_;
  Matrix rows_;
};

void CodesTest::expect_extended(IndexKind kind) {
  {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("mine");
    Transaction transaction(writer.database(), true);
    const auto more = test::clustered_matrix(700, kWidth, 1, 3);
    std::vector<ItemId> ids(700);
    for (std::size_t i = 0; i < 700; ++i) {
      ids[i] = static_cast<ItemId>(kRows + i);
      Item item;
      item.id = ids[i];
      item.path = std::to_string(i) + ".png";
      writer.catalog().add_item(item);
    }
    const auto places = writer.append(space, ids, more);
    for (std::size_t i = 0; i < 700; ++i) writer.catalog().add_row(space, ids[i], places[i]);
    writer.catalog().set_next_id(kRows + 700);
    writer.commit(transaction);
  }
  EXPECT_EQ(coded_rows(), kRows);
  EXPECT_TRUE(verify(home(), {}).damage.empty());
  const auto before = content();
  EXPECT_TRUE(set(kind));
  EXPECT_EQ(coded_rows(), kRows + 700);
  const auto after = content();
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
}

void CodesTest::expect_mended() {
  const auto good = content();
  for (std::size_t at = 5; at < good.size(); at += good.size() / 15) {
    auto bad = good;
    bad[at] ^= std::byte{16};
    replace_file(file(), bad);
    coded_rows();
    const auto report = verify(home(), {});
    const bool padding = report.damage.empty();
    if (!padding) {
      EXPECT_EQ(report.damage[0].file, "spaces/mine/codes-0000.seg");
      EXPECT_EQ(report.damage[0].remedy, repair_remedy());
    }
    const auto mended = repair(home(), {});
    EXPECT_EQ(mended.done.size(), 1U) << at;
    EXPECT_EQ(mended.rows_lost, 0U);
    EXPECT_EQ(content(), good);
  }
}

void CodesTest::expect_passed_over() {
  const auto good = content();
  for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 11) {
    replace_file(file(), std::span(good).first(size));
    EXPECT_LT(coded_rows(), kRows);
  }
  test::TemporaryFolder other;
  Collection made = Collection::create(other.path(), other / ".alike");
  Matrix rows = test::clustered_matrix(kRows, kWidth, 9, 1);
  import_rows(made, rows, {}, "mine", index::Metric::l2);
  fs::copy_file(file(), other / ".alike/spaces/mine/codes-0000.seg");
  replace_file(other / ".alike/spaces/mine/codes-0000.seg", good);
  EXPECT_EQ(made.index().coded_rows, 0U);
  EXPECT_FALSE(verify(other / ".alike", {}).damage.empty());
}

TEST_F(CodesTest, answer_as_the_rows_do_and_read_fewer_of_them) {
  EXPECT_EQ(coded_rows(), kRows);
  const Collection collection(home());
  const auto answer = collection.index().index->search(rows_.row(7), {});
  EXPECT_EQ(answer.neighbors.front().id, 7);
  EXPECT_EQ(answer.codes_read, kRows);
  EXPECT_LT(answer.rows_read, kRows / 2);
  EXPECT_TRUE(verify(home(), {}).damage.empty());
}

TEST_F(CodesTest, are_made_by_themselves_for_many_rows_only) {
  EXPECT_TRUE(set(IndexKind::automatic));
  EXPECT_FALSE(fs::exists(file()));
  Collection collection(home());
  Matrix many(kCodedRows, kCodedWidth);
  for (std::size_t i = 0; i < many.rows(); ++i) many.row(i)[i % 8] = static_cast<float>(i + 1);
  test::TemporaryFolder other;
  Collection large = Collection::create(other.path(), other / ".alike");
  import_rows(large, many, {}, "large", index::Metric::cosine);
  EXPECT_EQ(large.index().coded_rows, kCodedRows);
  import_rows(large, Matrix(kCodedRows, kCodedWidth - 1), {}, "narrow", index::Metric::l2);
  EXPECT_EQ(large.index("narrow").coded_rows, 0U);
}

TEST_F(CodesTest, come_and_go_as_the_space_is_set) {
  EXPECT_FALSE(set(IndexKind::coded));
  const auto before = content();
  EXPECT_EQ(change(IndexKind::flat).removed, 1U);
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_EQ(coded_rows(), 0U);
  EXPECT_EQ(change(IndexKind::coded).made, kRows);
  EXPECT_EQ(content(), before);
  EXPECT_EQ(Collection(home()).space().index, IndexKind::coded);
}

TEST_F(CodesTest, of_more_bits_take_the_place_of_others_and_read_fewer_rows) {
  const auto of_one = content();
  std::uint64_t last = kRows;
  for (const IndexKind kind : {IndexKind::coded, IndexKind::coded4, IndexKind::coded8}) {
    EXPECT_EQ(change(kind).made, kind == IndexKind::coded ? 0U : kRows);
    EXPECT_FALSE(change(kind).any());
    EXPECT_EQ(coded_rows(), kRows);
    const SpaceIndex found = Collection(home()).index();
    EXPECT_EQ(found.kind, kind);
    const auto answer = found.index->search(test::clustered_matrix(1, kWidth, 1, 5).row(0), {});
    EXPECT_LE(answer.rows_read, last);
    last = answer.rows_read;
    EXPECT_TRUE(verify(home(), {}).damage.empty());
  }
  EXPECT_EQ(change(IndexKind::coded).made, kRows);
  EXPECT_EQ(content(), of_one);
}

TEST_F(CodesTest, are_seen_by_a_collection_that_is_open) {
  const Collection collection(home());
  EXPECT_EQ(collection.index().coded_rows, kRows);
  set(IndexKind::flat);
  EXPECT_EQ(collection.index().coded_rows, 0U);
  set(IndexKind::coded);
  EXPECT_EQ(collection.index().coded_rows, kRows);
}

TEST_F(CodesTest, that_are_behind_are_extended_and_meanwhile_the_rest_is_read) {
  expect_extended(IndexKind::coded);
}

TEST_F(CodesTest, that_are_damaged_are_passed_over_found_and_made_anew) { expect_mended(); }

TEST_F(CodesTest, of_four_bits_that_are_damaged_are_passed_over_found_and_made_anew) {
  set(IndexKind::coded4);
  expect_mended();
}

TEST_F(CodesTest, that_are_cut_short_or_of_other_rows_are_passed_over) { expect_passed_over(); }

TEST_F(CodesTest, of_eight_bits_that_are_cut_short_or_of_other_rows_are_passed_over) {
  set(IndexKind::coded8);
  expect_passed_over();
}

TEST_F(CodesTest, of_four_bits_follow_the_rows_that_come) {
  set(IndexKind::coded4);
  expect_extended(IndexKind::coded4);
}

TEST_F(CodesTest, follow_the_rows_when_a_collection_is_compacted_or_restored) {
  {
    Writer writer(home());
    Transaction transaction(writer.database(), true);
    for (ItemId id = 0; id < 50; ++id) writer.catalog().remove_item(id);
    writer.commit(transaction);
  }
  EXPECT_EQ(coded_rows(), kRows);
  compact(home(), {});
  EXPECT_EQ(coded_rows(), kRows - 50);
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_TRUE(verify(home(), {}).damage.empty());
  snapshot(home(), folder_ / "copy", {});
  fs::remove_all(home());
  restore(folder_ / "copy", home(), folder_.path(), {});
  EXPECT_EQ(coded_rows(), kRows - 50);
}

}  // namespace
}  // namespace alike::collection
