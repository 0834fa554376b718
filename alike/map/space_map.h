// A space → its map: neighbours, layout, figures and clusters, in that order.
#pragma once

#include <functional>
#include <string_view>

#include "alike/base/progress.h"
#include "alike/map/layout/space_rows.h"
#include "alike/map/map.h"

namespace alike::map {

/// Makes the map. One row gives one point, at 0. The same rows, options and labels give the same
/// points, whatever the number of threads and on every processor. `before`: a map of the same
/// items, in another space, where the points begin instead (but for PCA); may be null. Options too
/// large for so few rows are lowered (`used_by`), kept so, and told in `remark`. Throws
/// `invalid_argument` as `check`, `find_neighbors` and for a space without rows; `interrupted`.
Map make_map(const SpaceRows& rows, const MapOptions& options, int threads,
             const Watcher& watcher = {}, const Map* before = nullptr);

}  // namespace alike::map
