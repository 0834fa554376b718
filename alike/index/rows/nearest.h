// The k nearest of the rows offered, without sorting the rest.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "alike/index/vector_index.h"

namespace alike::index {

/// A heap with the farthest on top. Not for several threads.
class Nearest {
 public:
  /// Takes nothing farther than `within`.
  explicit Nearest(float within = std::numeric_limits<float>::infinity()) : within_(within) {}

  /// Keeps the best `k`. A distance that is not a number counts as infinite.
  void offer(const std::int64_t* ids, std::span<const float> distances, std::size_t k) {
    for (std::size_t i = 0; i < distances.size(); ++i) {
      if (heap_.size() == k && !(distances[i] <= heap_.front().distance)) continue;
      const bool number = !std::isnan(distances[i]);
      const float distance = number ? distances[i] : std::numeric_limits<float>::infinity();
      if (distance <= within_) offer({ids[i], distance}, k);
    }
  }
  /// A distance above this is not among the best `k`.
  float limit(std::size_t k) const { return heap_.size() == k ? heap_.front().distance : within_; }
  /// In heap order: the farthest is the first.
  std::vector<Neighbor>& heap() { return heap_; }

 private:
  void offer(const Neighbor& candidate, std::size_t k) {
    if (heap_.size() == k) {
      if (!(candidate < heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end());
  }

  std::vector<Neighbor> heap_;
  float within_;
};

}  // namespace alike::index
