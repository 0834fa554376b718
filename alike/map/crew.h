// Threads that do one phase after another together.
#pragma once

#include <atomic>
#include <barrier>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace alike::map {

/// Calls `work(worker, phase, piece)` for all `pieces(phase)` pieces of each of `phases` phases, on
/// up to `threads` threads numbered from 0; `after(phase)` once, alone, when a phase is done and
/// before the next one. Nothing may throw. Goes on with fewer threads where the system gives no
/// more.
void in_phases(std::size_t phases, int threads, const auto& pieces, const auto& work,
               const auto& after) {
  std::atomic<std::size_t> next{0}, phase{0};
  const auto turn = [&]() noexcept {
    after(phase.load());
    next = 0;
    ++phase;
  };
  std::atomic<std::barrier<decltype(turn)>*> gate{nullptr};
  const auto run = [&](std::size_t worker) {
    gate.wait(nullptr);
    auto& barrier = *gate.load();
    for (std::size_t at = 0; at < phases; ++at) {
      const std::size_t count = pieces(at);
      for (std::size_t piece = next++; piece < count; piece = next++) work(worker, at, piece);
      barrier.arrive_and_wait();
    }
  };
  std::vector<std::jthread> helpers;
  try {
    for (int i = 1; i < threads; ++i) helpers.emplace_back(run, helpers.size() + 1);
  } catch (const std::system_error&) {
    // Those that there are will do.
  }
  std::barrier<decltype(turn)> barrier(static_cast<std::ptrdiff_t>(helpers.size() + 1), turn);
  gate = &barrier;
  gate.notify_all();
  run(0);
  helpers.clear();  // while the barrier lives
}

}  // namespace alike::map
