// Parts of a graph that have no links between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/map/layout/fuzzy_graph.h"

namespace alike::map {

/// Which rows are linked to each other, directly or by others.
struct Components {
  std::vector<std::vector<std::uint32_t>> rows;  ///< Ascending; the largest component first.
  std::vector<std::uint32_t> numbers;            ///< Of each row, within its component.
};

/// The connected components; equally large ones by their first rows.
Components components_of(const FuzzyGraph& graph);

/// Component number `which` as a graph of its own.
FuzzyGraph part_of(const FuzzyGraph& graph, const Components& components, std::size_t which);

}  // namespace alike::map
