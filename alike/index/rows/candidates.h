// Rows that may be among the k nearest, as far as bounds of their distances tell.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace alike::index {

/// A row by its place, and the least its key can be. Ordered by that, then by place.
struct Candidate {
  float lower = 0;
  std::uint32_t block = 0;
  std::uint32_t row = 0;

  friend auto operator<=>(const Candidate&,
                          const Candidate&) = default;  // NOLINT: takes 0 for null
};

/// Collects candidates for the k smallest keys. The result of `finish` depends on neither the
/// order of the offers nor how they were spread over several collectors.
class Candidates {
 public:
  /// Takes no row with a key surely above `limit`.
  explicit Candidates(float limit = std::numeric_limits<float>::infinity()) : limit_(limit) {}

  /// A row with a lower bound above this is not among the k smallest.
  float limit() const { return limit_; }

  void offer(const Candidate& candidate, float upper, std::size_t k) {
    if (candidate.lower > limit_) return;
    if (kept_.size() >= room_) shrink();
    kept_.push_back(candidate);
    add_upper(upper, k);
  }
  /// Takes over the candidates of `other`.
  void merge(const Candidates& other, std::size_t k) {
    for (const float upper : other.uppers_) add_upper(upper, k);
    kept_.insert(kept_.end(), other.kept_.begin(), other.kept_.end());
  }
  /// The candidates below the last limit, as a heap with the smallest on top for std::greater.
  std::vector<Candidate> finish() {
    drop_excluded();
    std::make_heap(kept_.begin(), kept_.end(), std::greater<>());
    return std::move(kept_);
  }

 private:
  static constexpr std::size_t kRoom = 4096;

  void add_upper(float upper, std::size_t k) {
    if (uppers_.size() == k) {
      if (upper >= limit_) return;
      std::pop_heap(uppers_.begin(), uppers_.end());
      uppers_.pop_back();
    }
    uppers_.push_back(upper);
    std::push_heap(uppers_.begin(), uppers_.end());
    if (uppers_.size() == k) limit_ = std::min(limit_, uppers_.front());
  }
  void drop_excluded() {
    std::erase_if(kept_, [&](const Candidate& candidate) { return candidate.lower > limit_; });
  }
  void shrink() {
    drop_excluded();
    room_ = std::max(kRoom, 2 * kept_.size());
  }

  std::vector<float> uppers_;  // the k smallest, as a heap with the largest on top
  std::vector<Candidate> kept_;
  std::size_t room_ = kRoom;
  float limit_;
};

}  // namespace alike::index
