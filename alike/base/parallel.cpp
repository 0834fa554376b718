#include "alike/base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alike/base/error.h"

namespace alike {

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

void parallel_for(std::size_t count, std::size_t grain, int threads,
                  const std::function<void(std::size_t, std::size_t)>& work) {
  if (threads < 1) {
    throw Error(ErrorCode::invalid_argument,
                "threads is " + std::to_string(threads) + "; it must be at least 1");
  }
  if (count == 0) return;
  grain = std::max<std::size_t>(1, grain);
  const std::size_t pieces = (count + grain - 1) / grain;

  std::atomic<std::size_t> next{0};
  std::exception_ptr first_error;
  std::mutex error_mutex;
  const auto run = [&] {
    for (std::size_t piece = next++; piece < pieces; piece = next++) {
      try {
        work(piece * grain, std::min(count, (piece + 1) * grain));
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!first_error) first_error = std::current_exception();
        next = pieces;
      }
    }
  };

  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min<std::size_t>(static_cast<std::size_t>(threads), pieces);
    try {
      for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(run);
    } catch (const std::exception&) {
      // The threads already started will do.
    }
    run();
  }
  if (first_error) std::rethrow_exception(first_error);
}

}  // namespace alike
