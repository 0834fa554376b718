// Embeddings → neighbours: the interface that every kind of index answers through.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/filter.h"

namespace alike::index {

/// The meaning of "near".
enum class Metric {
  cosine,         ///< distance = 1 − cosine similarity, [0, 2].
  inner_product,  ///< distance = −⟨a, b⟩.
  l2,             ///< distance = Euclidean.
};

std::string_view name_of(Metric metric) noexcept;  ///< "cosine", "ip", "l2".
Metric metric_from(std::string_view name);         ///< Throws `invalid_argument`.

/// One answer. Smaller distance is nearer, always; equal distances are ordered by id.
struct Neighbor {
  std::int64_t id = 0;
  float distance = 0;

  friend auto operator<=>(const Neighbor& a, const Neighbor& b) {
    return a.distance != b.distance ? a.distance <=> b.distance : a.id <=> b.id;
  }
  friend bool operator==(const Neighbor&, const Neighbor&) = default;
};

/// How a search is bounded.
struct SearchOptions {
  std::size_t k = 10;  ///< At least 1. More than there are rows is fine and costs nothing.
  int threads = 1;     ///< The result does not depend on it.
  Filter filter = {};
  /// Neighbours farther than this distance are not answered: with a large k, a range search.
  float within = std::numeric_limits<float>::infinity();
  double recall = 0.99;  ///< Of a graph: share of the true neighbours to aim at, (0, 1].
  std::size_t beam = 0;  ///< Of a graph: nodes a walk keeps, where `recall` is not to choose it.
};

/// The neighbours found and the cost of the search.
struct SearchResult {
  std::vector<Neighbor> neighbors;  ///< Nearest first; fewer than k only when fewer pass.
  std::uint64_t rows_read = 0;      ///< Rows with a computed distance.
  std::uint64_t codes_read = 0;     ///< Rows with an estimated distance (some also an exact one).
  std::uint64_t hops = 0;           ///< Of a graph: nodes expanded.
  bool scanned = false;             ///< Of a graph: all rows were read instead, as flat does.
};

/// `search` may run from many threads at once.
class VectorIndex {
 public:
  virtual ~VectorIndex() = default;

  /// Numbers in one row.
  virtual std::size_t width() const = 0;
  /// Rows that can be found.
  virtual std::uint64_t size() const = 0;
  /// Throws `invalid_argument` for a query of another width, one with NaN or infinity, or k = 0.
  virtual SearchResult search(std::span<const float> query, const SearchOptions& options) const = 0;
  /// One result per row of `queries`, the same to the last bit as `search` of each, but faster.
  virtual std::vector<SearchResult> search_batch(MatrixView queries,
                                                 const SearchOptions& options) const = 0;
};

}  // namespace alike::index
