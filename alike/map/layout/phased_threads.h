// Threads that do one phase after another together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace alike::map {

/// Where threads wait for each other. They are soon there, so that they look again and again for a
/// while before they sleep: falling asleep and being woken takes longer than most waits.
class Meeting {
 public:
  explicit Meeting(std::uint32_t threads) : threads_(threads) {}

  /// Returns when all are there; the last to come calls `turn` first.
  void arrive(const auto& turn) {
    const std::uint32_t round = round_.load(std::memory_order_relaxed);
    if (here_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
      here_.store(0, std::memory_order_relaxed);
      turn();
      round_.store(round + 1, std::memory_order_release);
      round_.notify_all();
      return;
    }
    for (int look = 0; look < kLooks; ++look) {
      if (round_.load(std::memory_order_acquire) != round) return;
      __builtin_ia32_pause();
    }
    round_.wait(round, std::memory_order_acquire);
  }

 private:
  static constexpr int kLooks = 4000;  // some 50 to 150 microseconds
  std::uint32_t threads_;
  alignas(64) std::atomic<std::uint32_t> here_{0};
  alignas(64) std::atomic<std::uint32_t> round_{0};
};

/// Calls `work(worker, phase, piece)` for all `pieces(phase)` pieces of each of `phases` phases, on
/// up to `threads` threads numbered from 0; `after(phase)` once, alone, when a phase is done and
/// before the next one. Nothing may throw. Goes on with fewer threads where the system gives no
/// more.
void in_phases(std::size_t phases, int threads, const auto& pieces, const auto& work,
               const auto& after) {
  alignas(64) std::atomic<std::size_t> next{0};
  std::atomic<Meeting*> gate{nullptr};
  const auto run = [&](std::size_t worker) {
    gate.wait(nullptr);
    Meeting& meeting = *gate.load();
    for (std::size_t at = 0; at < phases; ++at) {
      const std::size_t count = pieces(at);
      for (std::size_t piece = next++; piece < count; piece = next++) work(worker, at, piece);
      meeting.arrive([&] {
        after(at);
        next = 0;
      });
    }
  };
  std::vector<std::jthread> helpers;
  try {
    for (int i = 1; i < threads; ++i) helpers.emplace_back(run, helpers.size() + 1);
  } catch (const std::exception&) {
    // Those that there are will do.
  }
  Meeting meeting(static_cast<std::uint32_t>(helpers.size() + 1));
  gate = &meeting;
  gate.notify_all();
  run(0);
  helpers.clear();  // while the meeting lives
}

}  // namespace alike::map
