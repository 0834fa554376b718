// The description of a map as JSON, without its columns: a part of its file. Not part of the
// installed library.
#pragma once

#include <string>
#include <string_view>

#include "alike/base/json.h"
#include "alike/map/map.h"

namespace alike::map {

json::object options_to_json(const MapOptions& options);
/// null where a figure is not known.
json::object figures_to_json(const MapFigures& figures);
json::array clusters_to_json(const std::vector<MapCluster>& clusters);

/// All but the columns, which have one value per point.
std::string text_of(const Map& map);

/// Throws `corrupt` naming `what` and the member.
Map map_from_text(std::string_view text, std::string_view what);

}  // namespace alike::map
