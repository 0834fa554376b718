// Parts of a map as JSON.
#pragma once

#include <vector>

#include "alike/base/json.h"
#include "alike/collection/collection.h"
#include "alike/map/map.h"
#include "alike/map/map_age.h"

namespace alike::actions {

/// id, x, y, label, path, trust and cluster of each point.
json::array points_to_json(const map::Map& map, const std::vector<collection::Item>& items);
json::object quality_to_json(const map::MapFigures& figures);
json::array clusters_to_json(const map::Map& map);
json::object options_to_json(const map::MapOptions& options);
/// How many came, changed and went.
json::object age_to_json(const map::MapAge& age);

}  // namespace alike::actions
