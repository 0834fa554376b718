// The changes of bringing a space up to date, as programs read them.
#pragma once

#include <filesystem>

#include "alike/base/json.h"
#include "alike/collection/ingest/ingest.h"

namespace alike::actions {

/// The answer of the command line: also each skipped file with its reason. `folder`: that of the
/// collection.
json::object to_json(const collection::IngestSummary& summary, const std::filesystem::path& folder);
/// The result of a job, which is sent again and again: how many files were skipped.
json::object brief_json(const collection::IngestSummary& summary);

}  // namespace alike::actions
