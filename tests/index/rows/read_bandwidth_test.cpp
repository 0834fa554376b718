#include "alike/index/rows/read_bandwidth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::index {
namespace {

/// Counts the blocks that are read.
class CountedRows final : public RowSource {
 public:
  explicit CountedRows(const RowSource& source) : source_(source) {}
  std::size_t width() const override { return source_.width(); }
  std::size_t block_count() const override { return source_.block_count(); }
  std::size_t block_rows(std::size_t i) const override { return source_.block_rows(i); }
  RowBlock block(std::size_t i) const override {
    ++blocks_;
    return source_.block(i);
  }
  std::size_t blocks() const { return blocks_; }

 private:
  const RowSource& source_;
  mutable std::atomic<std::size_t> blocks_ = 0;
};

TEST(ReadBandwidth, reads_every_block_in_each_of_its_five_runs) {
  const test::MatrixRows rows(test::random_matrix(500, 70, 1), 61);
  for (const int threads : {1, 3}) {
    const CountedRows source(rows);
    read_bandwidth(source, threads);
    EXPECT_EQ(source.blocks(), 5 * rows.block_count());
  }
}

/// Takes its time over each block, another one in each run, and remembers when each was read.
class SlowRows final : public RowSource {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SlowRows(const RowSource& source) : source_(source) {}
  std::size_t width() const override { return source_.width(); }
  std::size_t block_count() const override { return source_.block_count(); }
  std::size_t block_rows(std::size_t i) const override { return source_.block_rows(i); }
  RowBlock block(std::size_t i) const override {
    constexpr int kMilliseconds[] = {4, 6, 1, 8, 3};
    const std::size_t run = read_.size() / block_count();
    read_.push_back(Clock::now());
    std::this_thread::sleep_for(std::chrono::milliseconds(kMilliseconds[run % 5]));
    return source_.block(i);
  }
  /// When block `i` of run `run` was asked for.
  Clock::time_point asked(std::size_t run, std::size_t i) const {
    return read_[run * block_count() + i];
  }

 private:
  const RowSource& source_;
  mutable std::vector<Clock::time_point> read_;
};

TEST(ReadBandwidth, is_that_of_the_fastest_run_in_bytes_a_second) {
  const test::MatrixRows rows(test::random_matrix(500, 70, 1), 50);
  const SlowRows source(rows);
  const auto began = SlowRows::Clock::now();
  const double bandwidth = read_bandwidth(source, 1);
  const auto ended = SlowRows::Clock::now();
  // A run takes no less than from its first block to its last, and no more than from the last block
  // of the run before to the first of the next.
  const std::size_t last = source.block_count() - 1;
  std::chrono::duration<double> least = ended - began, most = least;
  for (std::size_t run = 0; run < 5; ++run) {
    const auto before = run > 0 ? source.asked(run - 1, last) : began;
    const auto after = run < 4 ? source.asked(run + 1, 0) : ended;
    least = std::min<std::chrono::duration<double>>(least,
                                                    source.asked(run, last) - source.asked(run, 0));
    most = std::min<std::chrono::duration<double>>(most, after - before);
  }
  EXPECT_LE(bandwidth, 500 * 70 * 4 / least.count());
  EXPECT_GE(bandwidth, 500 * 70 * 4 / most.count());
}

TEST(ReadBandwidth, of_no_rows_is_0) {
  EXPECT_EQ(read_bandwidth(test::MatrixRows(Matrix(0, 70), 61), 2), 0);
}

}  // namespace
}  // namespace alike::index
