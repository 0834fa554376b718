// Parts of a graph that have no links between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/map/fuzzy_graph.h"

namespace alike::map {

/// The rows of each connected component, ascending; largest component first, equal ones by their
/// first row.
std::vector<std::vector<std::uint32_t>> components_of(const FuzzyGraph& graph);

/// The part of `graph` among `rows` (ascending, a union of components), numbered anew.
FuzzyGraph part_of(const FuzzyGraph& graph, const std::vector<std::uint32_t>& rows);

}  // namespace alike::map
