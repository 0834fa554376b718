// The results of `search::bench_index`, as programs read them.
#pragma once

#include "alike/base/json.h"
#include "alike/search/index_bench.h"

namespace alike::actions {

/// Recall from which on the fastest kind is named.
inline constexpr double kRecallWanted = 0.99;

/// `threads`: those of the searches.
json::object to_json(const search::IndexBench& bench, int threads);

}  // namespace alike::actions
