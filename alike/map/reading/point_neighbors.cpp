#include "alike/map/reading/point_neighbors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "alike/base/parallel.h"
#include "alike/map/reading/point_tree.h"

namespace alike::map {
namespace {

constexpr std::size_t kPiece = 512;

}  // namespace

Neighbors point_neighbors(MatrixView points, std::size_t k, int threads) {
  Neighbors table;
  table.rows = points.rows;
  table.k = points.rows > 0 ? std::min(k, points.rows - 1) : 0;
  table.places.resize(table.rows * table.k);
  table.distances.resize(table.rows * table.k);
  if (table.k == 0) return table;
  const PointTree tree(points);
  parallel_for(points.rows, kPiece, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<PointTree::Near> found;
    for (std::size_t i = begin; i < end; ++i) {  // in the tree's order: reads are near
      const std::uint32_t of = tree.order()[i];
      tree.nearest(static_cast<std::uint32_t>(i), table.k + 1, found);
      std::size_t to = of * table.k;
      for (const PointTree::Near& near : found) {  // of many equal points it may not be one itself
        if (near.row == of || to == (of + 1) * table.k) continue;
        table.places[to] = near.row;
        table.distances[to++] = static_cast<float>(std::sqrt(near.squared));
      }
    }
  });
  return table;
}

}  // namespace alike::map
