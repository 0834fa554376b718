// Maps of several spaces of the same pictures that can be compared: one for each layer or encoder.
#pragma once

#include <span>
#include <vector>

#include "alike/map/space_map.h"

namespace alike::map {

/// One map per space, in their order, each started from the one before (but for PCA) and turned
/// onto it, so that points move between two maps as rows do in the spaces. Throws
/// `invalid_argument` where the spaces do not hold rows of the same items, and as `make_map`.
std::vector<Map> make_series(std::span<const SpaceRows> spaces, const MapOptions& options,
                             int threads, const Watcher& watcher = {});

}  // namespace alike::map
