#include "alike/base/lost_pages.h"
#include "alike/base/sanitized.h"

#include <gtest/gtest.h>

#include <csignal>
#include <numeric>
#include <thread>

#include "alike/base/file.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

class LostPagesTest : public testing::Test {
 protected:
  LostPagesTest() {
    replace_file(file(), std::string(kBytes, '\1'));
    survive_lost_pages();
  }
  std::filesystem::path file() const { return folder_ / "file"; }
  static int sum(std::span<const std::byte> bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), 0,
                           [](int sum, std::byte byte) { return sum + static_cast<int>(byte); });
  }

  static constexpr std::size_t kBytes = 1 << 20;
  test::TemporaryFolder folder_;
};

TEST_F(LostPagesTest, a_file_cut_short_reads_as_zeros_and_is_told) {
  const MappedFile mapped(file());
  const MappedFile other(file());
  EXPECT_EQ(sum(mapped.bytes().first(4096)), 4096);
  mapped.check_no_page_lost();
  std::filesystem::resize_file(file(), 4096);
  EXPECT_EQ(sum(mapped.bytes()), 4096);
  EXPECT_EQ(test::outcome([&] { mapped.check_no_page_lost(); }), ErrorCode::corrupt);
  other.check_no_page_lost();  // nothing was read of it
}

TEST_F(LostPagesTest, many_threads_may_meet_lost_pages_of_many_files_at_once) {
  std::vector<MappedFile> files;
  for (int i = 0; i < 20; ++i) files.emplace_back(file());
  std::filesystem::resize_file(file(), 0);
  std::vector<std::thread> threads;
  std::atomic<int> told = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (const MappedFile& each : files) {
        EXPECT_EQ(sum(each.bytes()), 0);
        const MappedFile none(file());
        told += test::outcome([&] { each.check_no_page_lost(); }) == ErrorCode::corrupt ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(told, 80);
}

TEST_F(LostPagesTest, a_place_used_again_is_whole) {
  { const MappedFile first(file()); }
  {
    const MappedFile cut(file());
    std::filesystem::resize_file(file(), 0);
    sum(cut.bytes());
  }
  replace_file(file(), "fresh");
  const MappedFile again(file());
  again.check_no_page_lost();
  EXPECT_EQ(again.bytes().size(), 5U);
}

TEST_F(LostPagesTest, other_causes_of_the_signal_still_end_the_process) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes signals, memory and system calls for itself";
  EXPECT_EXIT(::raise(SIGBUS), testing::KilledBySignal(SIGBUS), "");
}

}  // namespace
}  // namespace alike
