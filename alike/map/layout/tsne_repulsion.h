// The repulsion between the points of a t-SNE map, by way of a mesh.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace alike::map {

/// The repulsion of all others on each of n points.
struct Repulsion {
  std::vector<double> pushes;  ///< (n, 2) Σ over j of (yᵢ − yⱼ) / (1 + |yᵢ − yⱼ|²)²
  double total = 0;  ///< Z, the sum of 1 / (1 + |yᵢ − yⱼ|²) over all pairs i ≠ j.
};

/// All pairs, one after the other. `points` (n, 2). The same for any number of threads.
Repulsion repulsion_of_pairs(std::span<const double> points, int threads);

/// The same nearly, in time linear in n: unit charges are spread to a mesh by splines of order 6,
/// their potential 1 / (1 + r²) is found by Fourier transforms, and the pushes are the slopes of
/// its splines. That is the particle-mesh method of Essmann et al. (J. Chem. Phys.
/// 103, 1995) for the sums of Linderman et al. (Nature Methods 16, 2019). Cells are 3/8
/// of a unit wide, less in small maps; more, and then near points are pushed too little, only in
/// maps wider than 750. Keeps the kernel's
/// transform between calls; the same for any number of threads and any processor. One caller at a
/// time.
class ParticleMesh {
 public:
  ParticleMesh();
  ~ParticleMesh();
  Repulsion repulsion(std::span<const double> points, int threads);

 private:
  struct Grid;
  std::unique_ptr<Grid> grid_;
};

}  // namespace alike::map
