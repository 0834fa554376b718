// A file that is cut short, as by a failing disk, while it is mapped: an error, not a signal.
#include <gtest/gtest.h>

#include "alike/base/lost_pages.h"
#include "alike/collection/store/index_files.h"
#include "tests/support/cared_collection.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

class LostRowsTest : public test::CaredCollection {
 protected:
  LostRowsTest() { survive_lost_pages(); }
  void want(IndexKind kind) const {
    Writer writer(home());
    const std::int64_t space = writer.catalog().key_of("one");
    Transaction transaction(writer.database(), true);
    writer.catalog().set_index(space, kind);
    writer.commit(transaction);
    refresh_index(writer, space, 1, {});
  }
  static auto search(const SpaceIndex& found) {
    // With a beam of its own, a graph of few rows is walked all the same.
    return found.index->search(std::vector<float>(24, 0.5F), {.k = 5, .beam = 20});
  }
};

TEST_F(LostRowsTest, a_search_that_has_read_lost_rows_is_no_answer) {
  for (const IndexKind kind : {IndexKind::flat, IndexKind::coded, IndexKind::graph}) {
    want(kind);
    for (const std::string name : {"vectors-0000.seg", "codes-0000.seg", "graph.seg"}) {
      const auto file = home() / "spaces/one" / name;
      if (!std::filesystem::exists(file)) continue;
      const Collection collection(home());
      const SpaceIndex found = collection.index("one");
      EXPECT_EQ(search(found).neighbors.size(), 5U);  // checked blocks are believed from now on
      const std::string whole = read_text(file);
      std::filesystem::resize_file(file, 0);
      EXPECT_EQ(test::outcome([&] { search(found); }), ErrorCode::corrupt)
          << name_of(kind) << ", " << name;
      File(file, File::Mode::update).write_at(0, bytes_of(whole));
      EXPECT_EQ(search(Collection(home()).index("one")).neighbors.size(), 5U);
    }
  }
}

TEST_F(LostRowsTest, the_sentence_names_the_file_and_what_mends_it) {
  const Collection collection(home());
  const SpaceIndex found = collection.index("one");
  search(found);
  std::filesystem::resize_file(segment(), 0);
  try {
    search(found);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(segment().native()), std::string::npos);
    EXPECT_EQ(error.remedy(), repair_remedy());
  }
}

TEST_F(LostRowsTest, a_single_row_is_given_whole_or_not_at_all) {
  const Collection collection(home());
  EXPECT_TRUE(collection.row(3, "one"));
  std::filesystem::resize_file(segment(), 0);
  EXPECT_EQ(test::outcome([&] { collection.row(3, "one"); }), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::collection
