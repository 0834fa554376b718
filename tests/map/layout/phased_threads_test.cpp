#include "alike/map/layout/phased_threads.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <vector>

namespace alike::map {
namespace {

TEST(InPhases, does_each_piece_once_and_no_phase_before_the_last_is_done) {
  for (const int threads : {1, 2, 5}) {
    constexpr std::size_t kPhases = 40;
    std::array<std::vector<int>, kPhases> done;
    for (std::size_t p = 0; p < kPhases; ++p) done[p].resize(p % 7);
    std::atomic<int> wrong{0};
    std::size_t finished = 0;
    in_phases(
        kPhases, threads, [&](std::size_t phase) { return done[phase].size(); },
        [&](std::size_t worker, std::size_t phase, std::size_t piece) {
          if (finished != phase || worker >= static_cast<std::size_t>(threads)) ++wrong;
          ++done[phase][piece];
        },
        [&](std::size_t phase) {
          for (const int times : done[phase]) wrong += times == 1 ? 0 : 1;
          if (phase != finished++) ++wrong;
        });
    EXPECT_EQ(finished, kPhases);
    EXPECT_EQ(wrong, 0);
  }
}

}  // namespace
}  // namespace alike::map
