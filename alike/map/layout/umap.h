// UMAP: near rows pulled together, others pushed apart (McInnes, Healy, Melville, arXiv
// 1802.03426).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "alike/base/cpu.h"
#include "alike/base/matrix.h"
#include "alike/map/layout.h"
#include "alike/map/layout/fuzzy_graph.h"

namespace alike::map {

/// How the points are laid out. Names and defaults are those of umap-learn.
struct UmapOptions {
  std::size_t neighbors = 15;  ///< Rows of a neighbourhood, with its own row: the
                               ///< graph is to have one fewer. At least 2.
  double min_dist = 0.1;       ///< How near points may come, [0, spread].
  double spread = 1;           ///< Scale of the map, [0.001, 1000].
  double repulsion = 1;        ///< Weight of pushes, [0, 100].
  std::size_t negatives = 5;   ///< Pushes for each pull, 1 to 7.
  std::size_t epochs = 0;      ///< 0: 500 up to 10,000 rows, else 200. At most 100,000.
  std::uint64_t seed = 42;
};

/// Where a layout begins.
struct UmapStart {
  Matrix points;         ///< (rows, 2), finite: `spectral_start`, `spread_start` or another map.
  double rate = 1;       ///< Learning rate of the first epoch, (0, 10]: less keeps near the start.
  std::size_t done = 0;  ///< Epochs already done, when a layout goes on from its points.
};

/// The layout, one step an epoch. Each epoch goes through groups of vertices in a random order;
/// those of a group are moved at once, each by its owner only, from where the others were before
/// (Gauss-Seidel over blocks). Hence no lock, and the same bits for any number of threads; random
/// numbers are counted, coefficients are looked up, sums have one order, and so for any processor.
class Umap final : public Layout {
 public:
  /// `graph` is not needed afterwards. Throws `invalid_argument` for an option out of its range, a
  /// start of another size or with NaN or infinity, no rows, or 2³¹ rows or more.
  Umap(const FuzzyGraph& graph, const UmapOptions& options, const UmapStart& start,
       Simd level = simd_level());
  ~Umap() override;

  std::size_t steps() const override;
  std::size_t done() const override { return done_; }
  void advance(std::size_t count, int threads, const Watcher& watcher = {}) override;
  MatrixView points() const override { return points_; }

 private:
  struct Plan;
  void step(int threads);

  std::unique_ptr<const Plan> plan_;
  std::size_t done_;
  Matrix live_;    // in the plan's order
  Matrix moved_;   // where points of a group go
  Matrix points_;  // in the graph's order
};

}  // namespace alike::map
