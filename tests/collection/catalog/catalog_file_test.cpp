#include "alike/collection/catalog/catalog_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/view.h"
#include "tests/support/cared_collection.h"
#include "tests/support/error_code.h"

namespace alike::collection {
namespace {

class CatalogFileTest : public test::CaredCollection {
 protected:
  std::filesystem::path file() const { return home() / "catalog.db"; }

  /// Whether another process finds a lock of this one on the catalog.
  bool is_locked() const {
    const pid_t child = ::fork();
    if (child == 0) {
      const int descriptor = ::open(file().c_str(), O_RDWR);
      struct flock wanted {};
      wanted.l_type = F_WRLCK;
      ::_exit(::fcntl(descriptor, F_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 1;
  }
};

TEST_F(CatalogFileTest, measuring_the_catalog_leaves_the_locks_of_a_reader) {
  const Collection opened(home());
  const View view(opened);
  EXPECT_EQ(view.item_count(), 40U);
  ASSERT_TRUE(is_locked());
  EXPECT_TRUE(check_catalog(home(), false));
  EXPECT_TRUE(is_locked());
  write_catalog_sum(home());
  EXPECT_TRUE(is_locked());
  EXPECT_EQ(view.item_count(), 40U);
}

TEST_F(CatalogFileTest, reads_and_writes_as_a_file) {
  const std::string before = read_text(file());
  std::vector<std::byte> bytes(before.size());
  {
    CatalogFile catalog(home(), CatalogFile::Mode::update);
    EXPECT_EQ(catalog.size(), before.size());
    catalog.read_at(0, bytes);
    EXPECT_TRUE(std::ranges::equal(bytes, bytes_of(before)));
    catalog.write_at(60, std::vector<std::byte>(4, std::byte{7}));
    catalog.sync();
    EXPECT_EQ(
        test::error_code([&] { catalog.read_at(before.size() - 1, std::span(bytes).first(2)); }),
        ErrorCode::corrupt);
  }
  EXPECT_EQ(read_text(file()).substr(60, 4), std::string(4, '\7'));
}

TEST_F(CatalogFileTest, says_that_there_is_none) {
  std::filesystem::remove(file());
  EXPECT_EQ(test::error_code([&] { CatalogFile(home(), CatalogFile::Mode::read); }),
            ErrorCode::not_found);
}

}  // namespace
}  // namespace alike::collection
