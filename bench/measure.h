// Shared by the programs that time indexes.
#pragma once

#include <chrono>

namespace alike::bench {

/// How long `work()` takes by the wall clock.
double seconds_of(const auto& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

}  // namespace alike::bench
