// Scores of a comparison as the page shows them, kept beside the collection.
#pragma once

#include <filesystem>
#include <string>

#include "alike/judge/comparison.h"

namespace alike::actions {

/// Keeps the scores of `found` as `scores.json` in the folder of the collection. Throws `io`,
/// `no_space`.
void keep_scores(const collection::Collection& collection, const judge::Comparison& found);

/// The kept scores of the collection in `folder`, as docs/openapi.yaml has them. Throws
/// `not_found` before the first comparison.
std::string read_scores(const std::filesystem::path& folder);

}  // namespace alike::actions
