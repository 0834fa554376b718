// t-SNE: likely neighbours drawn together, all points pushed apart (van der Maaten and Hinton, JMLR
// 9, 2008).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/cpu.h"
#include "alike/map/layout.h"
#include "alike/map/layout/affinities.h"
#include "alike/map/layout/tsne_levels.h"
#include "alike/map/layout/tsne_repulsion.h"

namespace alike::map {

/// How the points are laid out. Defaults are those of openTSNE.
struct TsneOptions {
  std::size_t early_steps = 250;  ///< In which the pulls are exaggerated. At most 100,000.
  std::size_t steps = 500;        ///< After those, at most 100,000; at least 1 in all.
  double exaggeration = 12;       ///< [1, 1000]
  double momentum = 0.8;          ///< [0, 1)
};

/// Where a layout begins: `points` (rows, 2) less their mean, scaled so that their first axis has a
/// deviation of 1e-4 (Kobak and Linderman, Nature Biotechnology 39, 2021), moved at random by up to
/// 2 % of that so that no two are in one place. `points` are those of `pca_layout` or of another
/// map. Throws `invalid_argument` for points that are not (…, 2) or not finite.
Matrix tsne_start(MatrixView points, std::uint64_t seed);

/// The layout, one step an iteration: gradient descent with momentum and gains, rate rows /
/// exaggeration, no step longer than 5 (as openTSNE). Pushes of up to 512 rows are computed pair by
/// pair, those of more by a `ParticleMesh`. Sums have one order, so that the points have the same
/// bits for any number of threads and any processor.
class Tsne final : public Layout {
 public:
  /// Throws `invalid_argument` for an option out of its range, a start of another size or with NaN
  /// or infinity, no rows, or 2³¹ rows or more.
  Tsne(const Affinities& affinities, const TsneOptions& options, MatrixView start,
       Simd level = simd_level());

  std::size_t steps() const override { return options_.early_steps + options_.steps; }
  std::size_t done() const override { return done_; }
  void advance(std::size_t count, int threads, const Watcher& watcher = {}) override;
  MatrixView points() const override { return points_; }

  /// The loss of the layout: the divergence Σ p ln(p / q) of the pairs' probabilities on the map,
  /// q, from `affinities` (equation 2), at least 0 except for rounding.
  double divergence(int threads);
  /// The slopes of the divergence, of pulls multiplied by `exaggeration`, by each coordinate of
  /// `points()`, divided by 4 (equation 5): (rows, 2).
  std::vector<double> gradient(double exaggeration, int threads);

 private:
  void step(int threads);
  void move(const std::vector<double>& gradient, double rate, int threads);
  Repulsion repulsion(int threads);

  TsneOptions options_;
  PullKernel pull_;
  std::size_t done_ = 0;
  std::vector<std::uint64_t> begins_;  // of the pairs, in groups
  std::vector<std::uint32_t> targets_;
  std::vector<float> weights_;
  std::vector<double> exact_, speed_, gains_;  // (rows, 2)
  std::vector<float> pulls_;
  Matrix points_;  // `exact_`, rounded
  ParticleMesh mesh_;
};

}  // namespace alike::map
