#include "alike/map/reading/quality.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/math/sample.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/index/flat/distances.h"
#include "alike/map/layout/placed_rows.h"

namespace alike::map {
namespace {

constexpr double kWork = 4e10;  ///< Products that judging may take, and about a second.
constexpr std::size_t kMostJudged = 5000, kLeastJudged = 100;
constexpr std::size_t kMostReferences = 4096, kLeastReferences = 32;
constexpr std::size_t kTogether = 16;  ///< Rows with distances to all others held at once.
constexpr std::size_t kPairs = 20;     ///< Triplets of each judged row.

std::size_t bounded(double wanted, std::size_t least, std::size_t most, std::size_t n) {
  const auto count = static_cast<std::size_t>(std::min(wanted, 1e9));
  return std::min(n, std::clamp(count, least, most));
}

/// A neighbour by its distance, equally near ones by place.
struct Near {
  float distance = 0;
  std::uint32_t place = 0;

  friend auto operator<=>(const Near&, const Near&) = default;  // NOLINT: takes 0 for null
};

/// The `k` nearest of `of` among all, ascending.
std::vector<Near> nearest(const std::vector<float>& distances, std::size_t of, std::size_t k) {
  std::vector<Near> heap;
  for (std::size_t i = 0; i < distances.size(); ++i) {
    if (i == of) continue;
    const Near next{distances[i], static_cast<std::uint32_t>(i)};
    if (heap.size() == k) {
      if (!(next < heap.front())) continue;
      std::pop_heap(heap.begin(), heap.end());
      heap.pop_back();
    }
    heap.push_back(next);
    std::push_heap(heap.begin(), heap.end());
  }
  std::sort_heap(heap.begin(), heap.end());
  return heap;
}

/// How many of the others are not farther from `of` than `place` is, with that one: 1 for the
/// nearest. Plain loops, which the compiler makes wide.
std::size_t rank(const std::vector<float>& distances, std::size_t of, std::uint32_t place) {
  const float limit = distances[place];
  std::uint32_t nearer = 0, before = 0;
  for (const float distance : distances) nearer += distance < limit ? 1U : 0U;
  for (std::size_t i = 0; i < place; ++i) before += distances[i] == limit ? 1U : 0U;
  const bool counted = Near{distances[of], static_cast<std::uint32_t>(of)} < Near{limit, place};
  return std::size_t{1} + nearer + before - (counted ? 1 : 0);
}

/// The sums over the judged rows.
struct Sums {
  double untrue = 0, torn = 0;  // ranks beyond k
  double kept = 0, triplets = 0;
};

class Judge {
 public:
  Judge(std::shared_ptr<const index::RowSource> rows, index::Metric metric, MatrixView points,
        const Neighbors& on_map, std::size_t k)
      : rows_(std::move(rows)), metric_(metric), points_(points), on_map_(on_map), k_(k) {
    if (points.rows != rows_.living() || on_map.rows != points.rows || points.width != 2 ||
        on_map.k < std::min(k, points.rows > 0 ? points.rows - 1 : 0)) {
      throw Error(ErrorCode::invalid_argument,
                  "there are " + std::to_string(points.rows) + " points and neighbours of " +
                      std::to_string(on_map.rows) + " for " + std::to_string(rows_.living()) +
                      " rows; each row needs one, with " + std::to_string(k) + " neighbours");
    }
    k_ = points.rows > 2 ? std::min(k, (points.rows - 1) / 2) : 0;
    for (std::size_t b = 0; b < rows_.block_count(); ++b) {
      const index::RowBlock block = rows_.keys(b);
      for (std::size_t r = 0; r < block.rows; ++r) {
        if (block.ids[r] >= 0) homes_.push_back({b, r});
      }
    }
  }

  std::size_t k() const { return k_; }
  std::size_t size() const { return points_.rows; }
  double products() const {
    return static_cast<double>(size()) * static_cast<double>(rows_.width());
  }

  /// Judges some rows against all.
  Quality judge(const std::vector<std::uint32_t>& sample, std::uint64_t seed, int threads,
                const Watcher& watcher) const {
    const Matrix queries = gathered(sample);
    const index::Distances distances(metric_, queries);
    std::vector<Sums> sums(sample.size());
    std::mutex telling;
    std::uint64_t done = 0;
    parallel_for(sample.size(), kTogether, threads, [&](std::size_t begin, std::size_t end) {
      if (watcher.stop.stop_requested())
        throw Error(ErrorCode::interrupted, "stopped; no map made");
      const auto to_all = measured(distances, begin, end);
      for (std::size_t q = begin; q < end; ++q) {
        sums[q] = judged(sample[q], to_all[q - begin], random_bits(seed, sample[q]));
      }
      const std::lock_guard lock(telling);
      watcher.tell({done += end - begin, sample.size(), 0});
    });
    Sums all;
    for (const Sums& sum : sums) {
      all.untrue += sum.untrue;
      all.torn += sum.torn;
      all.kept += sum.kept;
      all.triplets += sum.triplets;
    }
    const auto count = static_cast<double>(sample.size());
    Quality quality;
    quality.k = k_;
    quality.sample = sample.size();
    quality.trustworthiness = 1 - all.untrue / (count * worst());
    quality.continuity = 1 - all.torn / (count * worst());
    quality.neighbors_kept = all.kept / (count * static_cast<double>(k_));
    quality.triplets = all.triplets / (count * kPairs);
    return quality;
  }

  /// Trustworthiness of each point, its neighbours' ranks being those among `references`.
  std::vector<float> trust(const std::vector<std::uint32_t>& references, int threads,
                           const Watcher& watcher) const {
    const Matrix queries = gathered(references);
    const index::Distances distances(metric_, queries);
    std::vector<float> trust(size());
    parallel_for(rows_.block_count(), 1, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t b = begin; b < end; ++b) {
        if (watcher.stop.stop_requested()) {
          throw Error(ErrorCode::interrupted, "stopped; no map made");
        }
        trust_block(b, references, distances, trust);
      }
    });
    return trust;
  }

 private:
  struct Home {
    std::size_t block, row;
  };

  std::span<const float> row(std::size_t place) const {
    return {rows_.values(homes_[place].block, homes_[place].row), rows_.width()};
  }

  Matrix gathered(const std::vector<std::uint32_t>& places) const {
    Matrix rows(places.size(), rows_.width());
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::ranges::copy(row(places[i]), rows.row(i).begin());
    }
    return rows;
  }

  /// The most that ranks beyond k can add up to for one row.
  double worst() const {
    const auto n = static_cast<double>(size()), k = static_cast<double>(k_);
    return k * (2 * n - 3 * k - 1) / 2;
  }
  double beyond(std::size_t rank) const { return rank > k_ ? static_cast<double>(rank - k_) : 0; }

  /// Distances of queries [begin, end) to all rows.
  std::vector<std::vector<float>> measured(const index::Distances& distances, std::size_t begin,
                                           std::size_t end) const {
    std::vector<std::vector<float>> to_all(end - begin, std::vector<float>(size()));
    index::Distances::Scratch scratch;
    for (std::size_t b = 0; b < rows_.block_count(); ++b) {
      const index::RowBlock block = rows_.block(b);
      scratch.scales.clear();
      for (std::size_t q = begin; q < end; ++q) {
        distances.measure(q, block.values, block.rows, scratch);
        for (std::size_t r = 0; r < block.rows; ++r) {
          if (block.ids[r] < 0) continue;
          to_all[q - begin][static_cast<std::size_t>(block.ids[r])] = scratch.distances[r];
        }
      }
    }
    return to_all;
  }

  std::vector<float> measured_on_map(std::size_t of) const {
    std::vector<float> squared(size());
    const auto from = points_.row(of);
    for (std::size_t i = 0; i < size(); ++i) {
      const float dx = from[0] - points_.row(i)[0], dy = from[1] - points_.row(i)[1];
      squared[i] = dx * dx + dy * dy;
    }
    return squared;
  }

  Sums judged(std::uint32_t of, const std::vector<float>& rows, std::uint64_t seed) const {
    const auto points = measured_on_map(of);
    const auto near_rows = nearest(rows, of, k_);
    const auto near_points = on_map_.places_of(of).first(k_);
    Sums sums;
    for (const std::uint32_t place : near_points) {
      const bool kept = Near{rows[place], place} <= near_rows.back();
      if (kept) {
        sums.kept += 1;
      } else {
        sums.untrue += beyond(rank(rows, of, place));
      }
    }
    for (const Near& near : near_rows) {
      if (std::ranges::find(near_points, near.place) == near_points.end()) {
        sums.torn += beyond(rank(points, of, near.place));
      }
    }
    Random random(seed);
    for (std::size_t i = 0; i < kPairs; ++i) {
      const std::size_t a = (of + 1 + random.below(size() - 1)) % size();
      const std::size_t b = (of + 1 + random.below(size() - 1)) % size();
      sums.triplets += (rows[a] < rows[b]) == (points[a] < points[b]) ? 1 : 0;
    }
    return sums;
  }

  void trust_block(std::size_t b, const std::vector<std::uint32_t>& references,
                   const index::Distances& distances, std::vector<float>& trust) const {
    const index::RowBlock block = rows_.block(b);
    index::Distances::Scratch scratch;
    std::vector<float> to_references(references.size() * block.rows);
    for (std::size_t q = 0; q < references.size(); ++q) {
      distances.measure(q, block.values, block.rows, scratch);
      for (std::size_t r = 0; r < block.rows; ++r) {
        to_references[r * references.size() + q] = scratch.distances[r];
      }
    }
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.ids[r] < 0) continue;
      const std::span own =
          std::span(to_references).subspan(r * references.size(), references.size());
      trust[static_cast<std::size_t>(block.ids[r])] =
          trust_of(static_cast<std::uint32_t>(block.ids[r]), references, own);
    }
  }

  float trust_of(std::uint32_t of, const std::vector<std::uint32_t>& references,
                 std::span<const float> distances) const {
    const std::size_t own = std::ranges::binary_search(references, of) ? 1 : 0;
    const auto others = static_cast<double>(references.size() - own);
    const index::Distances from(metric_, {row(of).data(), 1, rows_.width()});
    index::Distances::Scratch scratch;
    double untrue = 0;
    for (const std::uint32_t place : on_map_.places_of(of).first(k_)) {
      scratch.scales.clear();
      from.measure(0, row(place).data(), 1, scratch);
      const Near one{scratch.distances[0], place};
      std::size_t nearer = 0;
      for (std::size_t i = 0; i < references.size(); ++i) {
        nearer += references[i] != of && Near{distances[i], references[i]} < one ? 1U : 0U;
      }
      const double share = others > 0 ? static_cast<double>(nearer) / others : 0;
      untrue +=
          std::max(0.0, 1 + share * static_cast<double>(size() - 1) - static_cast<double>(k_));
    }
    return static_cast<float>(std::clamp(1 - untrue / worst(), 0.0, 1.0));
  }

  PlacedRows rows_;
  index::Metric metric_;
  MatrixView points_;
  const Neighbors& on_map_;
  std::size_t k_;
  std::vector<Home> homes_;  // of each place
};

}  // namespace

Quality measure_quality(std::shared_ptr<const index::RowSource> rows, index::Metric metric,
                        MatrixView points, const Neighbors& on_map, std::size_t k,
                        std::uint64_t seed, int threads, const Watcher& watcher) {
  const Judge judge(std::move(rows), metric, points, on_map, k);
  Quality quality;
  quality.trust.assign(points.rows, 1);
  if (judge.k() == 0) return quality;
  const double affordable = kWork / judge.products();
  const std::size_t sample = bounded(affordable, kLeastJudged, kMostJudged, points.rows);
  quality = judge.judge(even_sample(points.rows, sample, seed), seed, threads, watcher);
  const std::size_t references =
      bounded(affordable / 4, kLeastReferences, kMostReferences, points.rows);
  quality.trust = judge.trust(even_sample(points.rows, references, seed + 1), threads, watcher);
  return quality;
}

}  // namespace alike::map
