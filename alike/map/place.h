// New rows on a map that stays as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/cpu.h"
#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/map/layout/neighbors.h"
#include "alike/map/layout/umap.h"

namespace alike::map {

/// How far apart the rows of a map are; kept with it.
struct Habits {
  std::vector<float> usual;  ///< (rows) mean distance of each to its neighbours.
  /// A row with a `Placed::ratio` above this is off the map: a quarter beyond that of 999 of 1000
  /// of the map's own rows, at least 1.5.
  float most_ratio = 1.5F;
};

/// Those of the rows that a map was made from.
Habits habits_of(const Neighbors& neighbors);

/// Where a new row comes, and how far to trust that.
struct Placed {
  float x = 0, y = 0;
  /// Mean distance to its neighbours by the median of the usual ones among them: about 1 for a row
  /// like those of the map, more for one unlike them; at most 1e6.
  float ratio = 1;
  bool off_the_map = false;
};

/// Places rows one by one: the point of one depends on its neighbours and their points only,
/// not on the rows it is placed with (as in umap-learn's transform), and random numbers are
/// seeded by its neighbours. From the neighbour that is nearest to all others on the map
/// it is moved as in `Umap`, while the map stands still. Safe from several threads.
class Placer {
 public:
  /// `points` (rows, 2) finite, `habits` of the same rows. Throws `invalid_argument`.
  Placer(Matrix points, Habits habits, const UmapOptions& options = {}, Simd level = simd_level());

  /// `places` on the map with `distances` to them, nearest first, at least one. A row at distance 0
  /// from another comes where that is. Throws `invalid_argument`.
  Placed place(std::span<const std::uint32_t> places, std::span<const float> distances) const;
  /// Each row of a table of places of the map. The same as one by one. Throws `interrupted`.
  std::vector<Placed> place(const Neighbors& neighbors, int threads,
                            const Watcher& watcher = {}) const;

 private:
  Placed placed(std::span<const std::uint32_t> places, std::span<const float> distances) const;
  void check(std::span<const std::uint32_t> places, std::span<const float> distances) const;
  std::uint32_t middle(std::span<const std::uint32_t> places, std::span<const float> weights) const;

  Matrix points_;
  Habits habits_;
  UmapOptions options_;
  std::vector<std::vector<float>> coefficients_;  // of each epoch
  Simd level_;
};

}  // namespace alike::map
