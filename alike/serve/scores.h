// What a comparison of spaces found, kept beside the collection.
#pragma once

#include <filesystem>
#include <string>

#include "alike/base/json.h"
#include "alike/judge/comparison.h"
#include "alike/serve/jobs.h"

namespace alike::serve {

/// Compares the spaces of the collection in `folder` (all layers of its encoders, baselines) and
/// keeps what is found as `scores.json` in it. Throws as `judge::compare`.
json::object compare_job(const std::filesystem::path& folder, int threads, const Watcher& watcher);

/// What was kept, as the interface has it. Throws `not_found` before the first comparison.
std::string read_scores(const std::filesystem::path& folder);

}  // namespace alike::serve
