// A map in words and as JSON.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/collection/collection.h"
#include "alike/map/map.h"
#include "alike/map/map_age.h"

namespace alike::cli {

/// The items of the points of a map, in their order; empty ones for those that are gone.
std::vector<collection::Item> items_of(const collection::Collection& collection,
                                       const map::Map& map);

/// id, x, y, label, path, trust and cluster of each point.
json::array points_to_json(const map::Map& map, const std::vector<collection::Item>& items);
json::object quality_to_json(const map::MapFigures& figures);
json::array clusters_to_json(const map::Map& map);
json::object options_to_json(const map::MapOptions& options);
/// How many came, changed and went.
json::object age_to_json(const map::MapAge& age);
/// All of it: space, method, options, points, quality, clusters and what else a map says.
json::object map_to_json(const map::Map& map, const std::vector<collection::Item>& items);

/// The figures in two or three lines.
std::string quality_lines(const map::MapFigures& figures);
/// The clusters as a table, the largest ones.
std::string cluster_table(const collection::Collection& collection, const map::Map& map);
/// "12 new, 3 changed, 1 gone"; "" where nothing did.
std::string age_words(const map::MapAge& age);

}  // namespace alike::cli
