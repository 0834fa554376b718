// Whether a map still shows what its space holds.
#pragma once

#include <cstdint>
#include <vector>

#include "alike/map/layout/space_rows.h"
#include "alike/map/map.h"

namespace alike::map {

/// Items added, removed and changed since a map was made; ids ascend.
struct MapAge {
  bool other_rows = false;          ///< The space is made in another way now: the map is of no use.
  std::vector<std::int64_t> added;  ///< Items that have a row and no point.
  std::vector<std::int64_t> changed;  ///< Items with the point of their former picture.
  std::vector<std::int64_t> gone;     ///< Items that have a point and no row any more.

  /// The map shows the space as it is.
  bool current() const { return !other_rows && added.empty() && changed.empty() && gone.empty(); }
  /// So much is new or gone (a fifth of the points) that a new map shows the space better than the
  /// old one with new points on it.
  bool better_anew(std::size_t points) const {
    return other_rows || 5 * (added.size() + changed.size() + gone.size()) > points;
  }
};

MapAge age_of(const Map& map, const SpaceRows& rows);

}  // namespace alike::map
