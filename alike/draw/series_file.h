// The files that maps of several layers are written to.
#pragma once

#include <filesystem>
#include <vector>

#include "alike/actions/map.h"

namespace alike::draw {

/// Throws `invalid_argument` unless the name ends in .svg, .png or .json.
void check_series_file(const std::filesystem::path& file);

/// Writes the maps side by side in the format of the ending. The file is there whole or not at all.
void write_series_file(const std::filesystem::path& file, const actions::MapSeries& series,
                       const std::vector<collection::Item>& items, bool dark);

}  // namespace alike::draw
