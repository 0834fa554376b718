#include "alike/collection/collection.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/collection/care/care.h"
#include "alike/collection/catalog/lock.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/writer.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

ErrorCode code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::io;
}

Matrix noise(std::size_t rows, std::size_t width, std::uint64_t seed = 1) {
  Matrix matrix(rows, width);
  Random random(seed);
  for (std::size_t i = 0; i < rows; ++i) {
    for (auto& value : matrix.row(i)) value = static_cast<float>(random.uniform() - 0.5);
  }
  return matrix;
}

std::vector<float> values_of(const Matrix& matrix, std::size_t row) {
  return {matrix.row(row).begin(), matrix.row(row).end()};
}

class CollectionTest : public testing::Test {
 protected:
  Collection make() { return Collection::create(folder_.path(), folder_ / ".alike"); }
  fs::path home() const { return folder_ / ".alike"; }

  test::TemporaryFolder folder_;
};

TEST_F(CollectionTest, is_found_from_below_and_knows_its_pictures) {
  make();
  fs::create_directories(folder_ / "a/b");
  const auto found = Collection::find(folder_ / "a/b");
  ASSERT_TRUE(found);
  EXPECT_EQ(Collection(*found).pictures(), folder_.path());
  EXPECT_EQ(code_of([&] { make(); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { Collection(folder_ / "a"); }), ErrorCode::not_found);
}

TEST_F(CollectionTest, moves_with_its_folder) {
  fs::create_directories(folder_ / "here");
  Collection::create(folder_ / "here", folder_ / "here/.alike");
  fs::rename(folder_ / "here", folder_ / "there");
  EXPECT_EQ(Collection(folder_ / "there/.alike").pictures(), folder_ / "there");
}

TEST_F(CollectionTest, keeps_imported_rows_under_the_ids_of_the_file) {
  Collection collection = make();
  const Matrix rows = noise(300, 17);
  EXPECT_EQ(import_rows(collection, rows, {}, "mine", index::Metric::l2), 300u);
  const Space space = collection.space();
  EXPECT_EQ(space.name, "mine");
  EXPECT_EQ(space.rows, 300u);
  EXPECT_EQ(space.width, 17u);
  for (const ItemId id : {0, 1, 150, 299}) {
    const auto row = collection.row(id);
    ASSERT_TRUE(row);
    const auto given = rows.row(static_cast<std::size_t>(id));
    EXPECT_TRUE(std::equal(row->begin(), row->end(), given.begin(), given.end()));
  }
  EXPECT_FALSE(collection.row(300));
  EXPECT_TRUE(verify(home(), {}).damage.empty());
}

TEST_F(CollectionTest, scales_imported_rows_to_length_1_for_cosine) {
  Collection collection = make();
  import_rows(collection, noise(10, 8), {}, "mine", index::Metric::cosine);
  double length = 0;
  const auto row = collection.row(3);
  ASSERT_TRUE(row);
  for (const float value : *row) length += static_cast<double>(value) * value;
  EXPECT_NEAR(length, 1, 1e-6);
}

TEST_F(CollectionTest, matches_a_second_import_by_path) {
  Collection collection = make();
  import_rows(collection, noise(3, 4), {"a/x.png", "b/y.png", "z.png"}, "one",
              index::Metric::inner_product);
  const Matrix other = noise(2, 5, 9);
  import_rows(collection, other, {"z.png", "a/x.png"}, "two", index::Metric::l2);
  EXPECT_EQ(collection.item(1)->label, "b");
  EXPECT_EQ(collection.row(2, "two"), values_of(other, 0));
  EXPECT_EQ(collection.row(0, "two"), values_of(other, 1));
  EXPECT_FALSE(collection.row(1, "two"));
  EXPECT_EQ(collection.space("two").behind, 1u);
  EXPECT_EQ(collection.matching("label = \"a\""), (std::vector<ItemId>{0}));
}

TEST_F(CollectionTest, refuses_rows_that_do_not_fit) {
  Collection collection = make();
  import_rows(collection, noise(3, 4), {}, "one", index::Metric::l2);
  Matrix bad = noise(3, 4);
  bad.row(1)[2] = NAN;
  const auto refused = [&](const Matrix& rows, const std::vector<std::string>& paths,
                           const std::string& space) {
    return code_of([&] { import_rows(collection, rows, paths, space, index::Metric::l2); });
  };
  EXPECT_EQ(refused(bad, {}, "two"), ErrorCode::invalid_argument);
  EXPECT_EQ(refused(noise(4, 4), {}, "two"), ErrorCode::invalid_argument);
  EXPECT_EQ(refused(noise(3, 4), {}, "one"), ErrorCode::invalid_argument);
  EXPECT_EQ(refused(noise(3, 4), {}, "../two"), ErrorCode::invalid_argument);
  EXPECT_EQ(refused(noise(3, 4), {"a"}, "two"), ErrorCode::invalid_argument);
  EXPECT_EQ(refused(Matrix(0, 4), {}, "two"), ErrorCode::invalid_argument);
  EXPECT_EQ(collection.spaces().size(), 1u);
}

TEST_F(CollectionTest, the_default_space_is_swapped_and_others_can_go) {
  Collection collection = make();
  import_rows(collection, noise(3, 4), {}, "one", index::Metric::l2);
  import_rows(collection, noise(3, 6), {}, "two", index::Metric::l2);
  EXPECT_EQ(collection.space().name, "one");
  EXPECT_EQ(code_of([&] { collection.remove_space("one"); }), ErrorCode::invalid_argument);
  collection.set_default_space("two");
  EXPECT_EQ(collection.space().name, "two");
  collection.remove_space("one");
  EXPECT_FALSE(fs::exists(home() / "spaces/one"));
  EXPECT_EQ(code_of([&] { collection.space("one"); }), ErrorCode::not_found);
  EXPECT_TRUE(verify(home(), {}).damage.empty());
}

TEST_F(CollectionTest, a_reader_keeps_its_rows_while_a_writer_replaces_them) {
  Collection collection = make();
  import_rows(collection, noise(500, 64), {}, "mine", index::Metric::l2);
  const auto rows = collection.rows();
  {
    Writer writer(home());
    Transaction transaction(writer.database(), true);
    for (ItemId id = 0; id < 400; ++id) writer.catalog().remove_item(id);
    writer.commit(transaction);
  }
  compact(home(), {});
  std::size_t counted = 0;
  for (std::size_t i = 0; i < rows->block_count(); ++i) counted += rows->block(i).rows;
  EXPECT_EQ(counted, 500u);
  counted = 0;
  const auto now = collection.rows();
  for (std::size_t i = 0; i < now->block_count(); ++i) counted += now->block(i).rows;
  EXPECT_EQ(counted, 100u);
}

TEST_F(CollectionTest, a_second_writer_is_refused_with_the_process_id_of_the_first) {
  make();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const WriterLock lock(home());
    char byte = 1;
    if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(current_writer(home()), static_cast<long>(child));
  try {
    const WriterLock lock(home());
    ADD_FAILURE() << "two writers";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::busy);
    EXPECT_NE(std::string(error.what()).find(std::to_string(child)), std::string::npos);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(current_writer(home()), std::nullopt);
  const WriterLock lock(home());
}

TEST_F(CollectionTest, a_killed_writers_uncommitted_rows_never_count) {
  Collection collection = make();
  import_rows(collection, noise(20, 8), {}, "mine", index::Metric::l2);
  const pid_t child = ::fork();
  if (child == 0) {
    Writer writer(home());
    const std::vector<ItemId> ids{0, 1};
    const auto places = writer.append(writer.catalog().key_of("mine"), ids, noise(2, 8));
    Transaction transaction(writer.database(), true);
    writer.catalog().remove_item(5);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(collection.space().rows, 20u);
  EXPECT_TRUE(collection.item(5));
  { Writer writer(home()); }
  EXPECT_TRUE(verify(home(), {}).damage.empty());
  EXPECT_EQ(verify(home(), {}).rows, 20u);
}

TEST_F(CollectionTest, a_killed_writers_committed_rows_count) {
  Collection collection = make();
  import_rows(collection, noise(20, 8), {}, "mine", index::Metric::l2);
  const pid_t child = ::fork();
  if (child == 0) {
    Writer writer(home());
    Transaction transaction(writer.database(), true);
    writer.catalog().remove_item(5);
    writer.commit(transaction);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(Collection(home()).item(5));
  EXPECT_TRUE(verify(home(), {}).damage.empty());
  { Writer writer(home()); }
  EXPECT_TRUE(verify(home(), {}).damage.empty());
  EXPECT_FALSE(Collection(home()).item(5));
}

TEST_F(CollectionTest, leaves_nothing_behind_but_its_files) {
  {
    Collection collection = make();
    import_rows(collection, noise(20, 8), {}, "mine", index::Metric::l2);
    collection.status();
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(home())) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), home()).native());
  }
  std::ranges::sort(names);
  EXPECT_EQ(names,
            (std::vector<std::string>{"catalog.db", "catalog.db-shm", "catalog.db-wal",
                                      "catalog.sum", "lock", "spaces/mine/vectors-0000.seg"}));
  EXPECT_EQ(fs::file_size(home() / "lock"), 0u);
}

}  // namespace
}  // namespace alike::collection
