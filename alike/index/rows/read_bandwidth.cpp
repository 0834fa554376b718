#include "alike/index/rows/read_bandwidth.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "alike/base/parallel.h"

namespace alike::index {
namespace {

constexpr int kTimes = 5;
constexpr std::size_t kLanes = 64;  // sums that do not wait for each other
constexpr std::size_t kPieces = 64;

float sum(const float* values, std::size_t count) {
  float sums[kLanes] = {};
  for (std::size_t at = 0; at + kLanes <= count; at += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) sums[j] += values[at + j];
  }
  return std::accumulate(sums, sums + kLanes, 0.0F);
}

}  // namespace

double read_bandwidth(const RowSource& source, int threads) {
  std::size_t rows = 0;
  for (std::size_t b = 0; b < source.block_count(); ++b) rows += source.block_rows(b);
  double best = 0;
  for (int i = 0; i < kTimes && rows > 0; ++i) {
    const auto started = std::chrono::steady_clock::now();
    parallel_for(source.block_count(), source.block_count() / kPieces + 1, threads,
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t b = begin; b < end; ++b) {
                     const RowBlock block = source.block(b);
                     volatile float kept = sum(block.values, block.rows * source.width());
                     static_cast<void>(kept);
                   }
                 });
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
    const auto bytes = static_cast<double>(rows * source.width() * sizeof(float));
    best = std::max(best, bytes / std::max(taken.count(), 1e-9));
  }
  return best;
}

}  // namespace alike::index
