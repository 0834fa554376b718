// A map as a plot: groups, names and remarks for its points.
#pragma once

#include <string>
#include <vector>

#include "alike/draw/map_file.h"
#include "alike/draw/plot.h"

namespace alike::draw {

/// The group of each item, a place in `groups` or `kNoGroup`, and the names, ascending. Nothing
/// where no item lies in a folder.
void color_by_label(const std::vector<collection::Item>& items, std::vector<std::uint32_t>& group,
                    std::vector<std::string>& groups);

/// Groups, title, remarks, names of clusters and pictures. Points into `map`, which must outlive
/// it.
Plot plot_of(const map::Map& map, const collection::Collection& collection,
             const std::vector<collection::Item>& items, const MapLook& look);

}  // namespace alike::draw
