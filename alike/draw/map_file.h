// The files that a map is written to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/collection/collection.h"
#include "alike/map/map.h"

namespace alike::draw {

/// How a map is drawn.
struct MapLook {
  std::string color_by = "label";  ///< "label", "cluster" or "trust".
  bool thumbs = false;             ///< Draw the pictures, without overlap.
  bool grid = false;               ///< Points moved to the cells of a grid.
  bool dark = false;
  int threads = 1;  ///< The drawing does not depend on it.
};

/// Throws, before any work, as writing the file would: for a folder that is not there or cannot be
/// written, a device, a full disk, a page where there are none (`check_map_page`). Leaves nothing.
void check_writable(const std::filesystem::path& file);

/// Writes the map in the format of the ending: .png, .svg and .html draw it, .json is its points
/// and figures, .npy its points alone with the paths beside. Each is there whole or not at all.
void write_map_file(const std::filesystem::path& file, const map::Map& map,
                    const collection::Collection& collection,
                    const std::vector<collection::Item>& items, const MapLook& look);

}  // namespace alike::draw
