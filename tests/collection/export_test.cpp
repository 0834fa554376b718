#include "alike/collection/export.h"

#include <gtest/gtest.h>

#include <vector>

#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/writer.h"
#include "tests/support/damage.h"
#include "tests/support/random_matrix.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

class ExportTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
  Collection made_ = Collection::create(folder_.path(), folder_ / ".alike");
};

TEST_F(ExportTest, rows_come_in_the_order_of_ids_with_their_items) {
  const std::size_t n = 3000;  // more than are looked up at once
  const Matrix rows = test::random_matrix(n, 7, 1);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < n; ++i) paths.push_back("p" + std::to_string(i));
  import_rows(made_, rows, paths, "one", index::Metric::l2);
  const std::vector<std::string> backwards(paths.rbegin(), paths.rend());
  import_rows(made_, rows, backwards, "two", index::Metric::l2);
  for (const bool back : {false, true}) {
    std::size_t i = 0;
    const auto count = export_rows(
        made_, back ? "two" : "", {}, [&](const Item& item, std::span<const float> row) {
          EXPECT_EQ(item.path, paths[i]);
          const auto wanted = rows.row(back ? n - 1 - i : i);
          EXPECT_TRUE(std::equal(row.begin(), row.end(), wanted.begin(), wanted.end())) << i;
          ++i;
        });
    EXPECT_EQ(count, n);
    EXPECT_EQ(i, n);
  }
}

TEST_F(ExportTest, gives_one_version_while_a_writer_goes_on) {
  const std::size_t n = 3000;
  import_rows(made_, test::random_matrix(n, 7, 1), {}, "one", index::Metric::l2);
  std::size_t labeled = 0;
  const auto count = export_rows(made_, "", {}, [&](const Item& item, std::span<const float>) {
    if (!item.label.empty()) ++labeled;
    if (item.id != 0) return;
    Writer writer(folder_ / ".alike");
    Transaction transaction(writer.database(), true);
    writer.catalog().remove_item(n - 1);
    writer.database().run("UPDATE items SET label = CAST('new' AS BLOB)");
    writer.commit(transaction);
  });
  EXPECT_EQ(count, n);
  EXPECT_EQ(labeled, 0U);
}

TEST_F(ExportTest, stops_when_it_is_told_to_and_passes_on_what_is_thrown) {
  import_rows(made_, test::random_matrix(5, 3, 1), {}, "one", index::Metric::cosine);
  std::stop_source source;
  source.request_stop();
  const auto ignore = [](const Item&, std::span<const float>) {};
  EXPECT_EQ(test::outcome([&] {
              export_rows(made_, "", {{}, source.get_token()}, ignore);
            }),
            ErrorCode::interrupted);
  EXPECT_EQ(test::outcome([&] { export_rows(made_, "other", {}, ignore); }), ErrorCode::not_found);
  EXPECT_EQ(test::outcome([&] {
              export_rows(made_, "", {}, [](const Item&, std::span<const float>) {
                throw Error(ErrorCode::io, "full");
              });
            }),
            ErrorCode::io);
}

}  // namespace
}  // namespace alike::collection
