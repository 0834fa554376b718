// The state of a collection and of its spaces, as programs read it.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/collection/collection.h"

namespace alike::actions {

/// The reason why a space that has a graph is scanned all the same: "its graph finds 0.047 of the
/// ten nearest, 0.99 are asked for"; "" where it is not.
std::string scan_reason(const collection::SpaceIndex& index);

/// The spaces, each with the index that answers and how much its PCA keeps.
json::array to_json(const collection::Collection& collection,
                    const std::vector<collection::Space>& spaces);

/// All that `status` says; with `list_skipped` also each file that was not taken, with its reason.
json::object status_json(const collection::Collection& collection, const collection::Status& status,
                         bool list_skipped);

}  // namespace alike::actions
