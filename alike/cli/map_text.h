// A map in words and tables for a terminal.
#pragma once

#include <string>

#include "alike/actions/map.h"

namespace alike::cli {

/// The figures in two or three lines.
std::string quality_lines(const map::MapFigures& figures);
/// The clusters as a table, the largest ones.
std::string cluster_table(const collection::Collection& collection, const map::Map& map);
/// "12 new, 3 changed, 1 gone"; "" where nothing did.
std::string age_words(const map::MapAge& age);
/// Figures of the maps, a line a layer.
std::string series_table(const actions::MapSeries& series);
/// One line: the map, its space, its method and the time taken.
std::string head_line(const actions::MapReport& report);

}  // namespace alike::cli
