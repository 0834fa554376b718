// One map for each layer of an encoder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/cli/context.h"
#include "alike/cli/map_output.h"
#include "alike/map/map.h"

namespace alike::cli {

/// What --layers asks for.
struct MapLayers {
  std::vector<std::string> layers;
  std::string space;  ///< Its encoder is meant; "": the default one.
  map::MapOptions map;
  MapLook look;
  std::vector<std::filesystem::path> out;
};

/// Embeds the pictures by the layers that have no space yet or are behind, makes, keeps and reports
/// the maps.
void map_layers(const Context& context, const MapLayers& wanted);

}  // namespace alike::cli
