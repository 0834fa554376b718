// A space → its map: neighbours, layout, figures and clusters, in that order.
#pragma once

#include <functional>
#include <string_view>

#include "alike/base/progress.h"
#include "alike/map/map.h"
#include "alike/map/space_rows.h"

namespace alike::map {

/// Told what the work is at. `watcher` reports the steps of the stage that was begun last.
struct MapWatcher {
  Watcher watcher;
  std::function<void(std::string_view)> begin;  ///< "rows compared", …: what the steps count.

  /// Calls `begin` if there is one.
  void stage(std::string_view what) const {
    if (begin) begin(what);
  }
};

/// Makes the map. One row gives one point, at 0. The same rows, options and labels give the same
/// points, whatever the number of threads and on every processor. `before`: a map of the same
/// items, in another space, where the points begin instead (but for PCA); may be null. Throws
/// `invalid_argument` as `check`, `find_neighbors` and for a space without rows; `interrupted`.
Map make_map(const SpaceRows& rows, const MapOptions& options, int threads,
             const MapWatcher& watcher = {}, const Map* before = nullptr);

}  // namespace alike::map
