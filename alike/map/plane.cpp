#include "alike/map/plane.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "alike/base/parallel.h"

namespace alike::map {
namespace {

constexpr std::size_t kLeaf = 16;  ///< Points below which a part is not cut any more.
constexpr std::size_t kPiece = 512;

struct Near {
  float squared = 0;
  std::uint32_t place = 0;

  friend auto operator<=>(const Near&, const Near&) = default;  // NOLINT: takes 0 for null
};

/// Points in the order of a balanced tree: the middle one of a part cuts it in two.
class Tree {
 public:
  explicit Tree(MatrixView points) : points_(points), order_(points.rows) {
    std::iota(order_.begin(), order_.end(), 0U);
    cut(0, order_.size(), 0);
  }

  const std::vector<std::uint32_t>& order() const { return order_; }

  /// The `k` nearest of point `of`, ascending; into `found`.
  void nearest(std::uint32_t of, std::size_t k, std::vector<Near>& found) const {
    found.clear();
    search({0, order_.size(), 0}, of, k, found);
    std::sort_heap(found.begin(), found.end());
  }

 private:
  struct Part {
    std::size_t begin, end, axis;
    std::size_t middle() const { return begin + (end - begin) / 2; }
  };

  void cut(std::size_t begin, std::size_t end, std::size_t axis) {
    if (end - begin <= kLeaf) return;
    const std::size_t middle = Part{begin, end, axis}.middle();
    const auto at = [&](std::size_t i) { return order_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::nth_element(at(begin), at(middle), at(end), [&](std::uint32_t a, std::uint32_t b) {
      const float x = points_.row(a)[axis], y = points_.row(b)[axis];
      return x != y ? x < y : a < b;
    });
    cut(begin, middle, 1 - axis);
    cut(middle + 1, end, 1 - axis);
  }

  void offer(std::uint32_t of, std::uint32_t place, std::size_t k, std::vector<Near>& found) const {
    if (place == of) return;
    const auto a = points_.row(of), b = points_.row(place);
    const float dx = a[0] - b[0], dy = a[1] - b[1];
    const Near next{dx * dx + dy * dy, place};
    if (found.size() == k) {
      if (!(next < found.front())) return;
      std::pop_heap(found.begin(), found.end());
      found.pop_back();
    }
    found.push_back(next);
    std::push_heap(found.begin(), found.end());
  }

  void search(const Part& part, std::uint32_t of, std::size_t k, std::vector<Near>& found) const {
    if (part.end - part.begin <= kLeaf) {
      for (std::size_t i = part.begin; i < part.end; ++i) offer(of, order_[i], k, found);
      return;
    }
    const std::size_t middle = part.middle();
    const float beyond = points_.row(of)[part.axis] - points_.row(order_[middle])[part.axis];
    const Part low{part.begin, middle, 1 - part.axis}, high{middle + 1, part.end, 1 - part.axis};
    search(beyond < 0 ? low : high, of, k, found);
    offer(of, order_[middle], k, found);
    if (found.size() == k && beyond * beyond > found.front().squared) return;
    search(beyond < 0 ? high : low, of, k, found);
  }

  MatrixView points_;
  std::vector<std::uint32_t> order_;
};

}  // namespace

Neighbors plane_neighbors(MatrixView points, std::size_t k, int threads) {
  Neighbors table;
  table.rows = points.rows;
  table.k = points.rows > 0 ? std::min(k, points.rows - 1) : 0;
  table.places.resize(table.rows * table.k);
  table.distances.resize(table.rows * table.k);
  if (table.k == 0) return table;
  const Tree tree(points);
  parallel_for(points.rows, kPiece, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<Near> found;
    for (std::size_t i = begin; i < end; ++i) {  // in the tree's order: what is read is near
      const std::uint32_t of = tree.order()[i];
      tree.nearest(of, table.k, found);
      for (std::size_t j = 0; j < table.k; ++j) {
        table.places[of * table.k + j] = found[j].place;
        table.distances[of * table.k + j] = std::sqrt(found[j].squared);
      }
    }
  });
  return table;
}

}  // namespace alike::map
