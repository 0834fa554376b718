#include "alike/collection/catalog/lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

using test::outcome;

class LockTest : public testing::Test {
 protected:
  std::string text() const { return read_text(folder_ / "lock"); }

  test::TemporaryFolder folder_;
};

TEST_F(LockTest, the_file_names_its_holder_and_nobody_afterwards) {
  EXPECT_EQ(current_writer(folder_.path()), std::nullopt);
  {
    const WriterLock lock(folder_.path());
    EXPECT_EQ(text(), std::to_string(::getpid()) + "\n");
    EXPECT_EQ(current_writer(folder_.path()), static_cast<long>(::getpid()));
  }
  EXPECT_EQ(text(), "");
  EXPECT_EQ(current_writer(folder_.path()), std::nullopt);
}

TEST_F(LockTest, a_lock_moves_with_its_owner) {
  WriterLock first(folder_.path());
  const WriterLock second(std::move(first));
  EXPECT_EQ(outcome([&] { WriterLock(folder_.path()); }), ErrorCode::busy);
}

TEST_F(LockTest, barriers_share_and_keep_writers_out) {
  EXPECT_FALSE(WriterBarrier(folder_.path()).held());  // no lock file: never written
  { const WriterLock lock(folder_.path()); }
  {
    const WriterBarrier first(folder_.path());
    const WriterBarrier second(folder_.path());
    EXPECT_TRUE(first.held());
    EXPECT_TRUE(second.held());
    EXPECT_EQ(outcome([&] { WriterLock(folder_.path()); }), ErrorCode::busy);
  }
  const WriterLock lock(folder_.path());
  EXPECT_FALSE(WriterBarrier(folder_.path()).held());
}

TEST_F(LockTest, whatever_the_file_holds_a_second_writer_is_busy) {
  const WriterLock lock(folder_.path());
  for (const std::string& content :
       {std::string(), std::string("x"), std::string(100'000, '9'), std::string("\0\0", 2)}) {
    File file(folder_ / "lock", File::Mode::update);
    file.resize(0);
    file.write_at(0, bytes_of(content));
    EXPECT_EQ(outcome([&] { WriterLock(folder_.path()); }), ErrorCode::busy);
    EXPECT_EQ(current_writer(folder_.path()), 0);
  }
}

TEST_F(LockTest, a_folder_that_is_not_there_is_an_error) {
  EXPECT_EQ(outcome([&] { WriterLock(folder_ / "no"); }), ErrorCode::not_found);
}

}  // namespace
}  // namespace alike::collection
