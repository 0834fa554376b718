// Where threads come from.
#pragma once

#include <cstddef>
#include <functional>

namespace alike {

/// Number of processors this process may use (affinity and cgroup masks respected). At least 1.
int available_processors();

/// Calls `work(begin, end)` for consecutive pieces of [0, count) of at most `grain` each, on up to
/// `threads` threads (0 or less is an `invalid_argument`). Pieces start in order. Returns when all
/// are done and rethrows the first exception; pieces not yet started are then dropped.
void parallel_for(std::size_t count, std::size_t grain, int threads,
                  const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace alike
