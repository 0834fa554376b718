// What the indexes of a space cost and find, as a job.
#pragma once

#include <filesystem>
#include <string>

#include "alike/base/json.h"
#include "alike/search/index_bench.h"
#include "alike/serve/jobs.h"

namespace alike::serve {

/// As `alike bench --json` prints it.
json::object to_json(const search::IndexBench& bench, int threads);

/// Measures every kind of index on a space ("" is the default one). Throws as `bench_index`.
json::object bench_job(const std::filesystem::path& folder, const std::string& space, int threads,
                       const Watcher& watcher);

}  // namespace alike::serve
