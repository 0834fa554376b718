// New pictures on a map that stays as it is.
#pragma once

#include <cstddef>

#include "alike/map/map_age.h"
#include "alike/map/space_map.h"

namespace alike::map {

/// A map brought up to date, and the changes made.
struct MapUpdate {
  Map map;
  std::size_t placed = 0;    ///< New and changed pictures that were put on it.
  std::size_t off_map = 0;   ///< Of those: like nothing that is there (`Placed::off_the_map`).
  std::size_t dropped = 0;   ///< Points of pictures that are gone.
  bool better_anew = false;  ///< `MapAge::better_anew`: a new map would show more.
};

/// Places new and changed pictures among the points that stay, which do not move, and takes
/// removed ones away. Trust of a new point is 1 / `Placed::ratio`, its cluster that of its nearest;
/// figures and clusters stay those of the map that was made. A map by PCA is made anew instead: its
/// points are sums of the rows, not places among neighbours. Throws `invalid_argument` where the
/// space holds other rows than the map was made of or none of them, `interrupted`.
MapUpdate update_map(const Map& map, const SpaceRows& rows, int threads,
                     const Watcher& watcher = {});

}  // namespace alike::map
