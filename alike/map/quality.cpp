#include "alike/map/quality.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/index/distances.h"
#include "alike/map/placed_rows.h"
#include "alike/map/planar.h"

namespace alike::map {
namespace {

constexpr std::size_t kAll = 5000;                        ///< Rows up to which all are judged.
constexpr std::size_t kDistances = std::size_t{1} << 24;  ///< In memory at once.
constexpr std::size_t kTriplets = 5;                      ///< For each judged row.
constexpr float kInfinity = std::numeric_limits<float>::infinity();

void check(std::size_t rows, MatrixView points, const Neighbors& neighbors, std::size_t k) {
  if (points.rows != rows || neighbors.rows != rows) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(points.rows) + " points and neighbours of " +
                    std::to_string(neighbors.rows) + " rows do not fit " + std::to_string(rows) +
                    " rows; give one for each");
  }
  if (k == 0) throw Error(ErrorCode::invalid_argument, "k is 0; it must be at least 1");
}

/// Places of the rows to be judged, ascending.
std::vector<std::uint32_t> sample_of(std::size_t rows, const QualityOptions& options) {
  std::vector<std::uint32_t> places(rows);
  std::iota(places.begin(), places.end(), std::uint32_t{0});
  if (rows <= kAll || rows <= options.sample) return places;
  Random random(options.seed);
  for (std::size_t i = 0; i < options.sample; ++i) {
    std::swap(places[i], places[i + random.below(rows - i)]);
  }
  places.resize(options.sample);
  std::ranges::sort(places);
  return places;
}

Matrix rows_at(const PlacedRows& rows, std::span<const std::uint32_t> places) {
  Matrix values(places.size(), rows.width());
  std::size_t next = 0;
  for (std::size_t b = 0; b < rows.block_count() && next < places.size(); ++b) {
    const index::RowBlock keys = rows.keys(b);
    for (std::size_t r = 0; r < keys.rows && next < places.size(); ++r) {
      if (keys.ids[r] != places[next]) continue;
      std::copy_n(rows.values(b, r), rows.width(), values.row(next++).begin());
    }
  }
  return values;
}

/// Distances of the judged rows to all rows: (judged, rows).
std::vector<float> distances_to_all(const PlacedRows& rows, index::Metric metric,
                                    const Matrix& judged, int threads) {
  std::vector<float> all(judged.rows() * rows.living());
  const index::Distances distances(metric, judged);
  parallel_for(rows.block_count(), 1, threads, [&](std::size_t begin, std::size_t end) {
    index::Distances::Scratch scratch;
    for (std::size_t b = begin; b < end; ++b) {
      const index::RowBlock block = rows.block(b);
      scratch.scales.clear();
      for (std::size_t q = 0; q < judged.rows(); ++q) {
        distances.measure(q, block.values, block.rows, scratch);
        float* out = all.data() + q * rows.living();
        for (std::size_t r = 0; r < block.rows; ++r) {
          if (block.ids[r] >= 0) out[block.ids[r]] = scratch.distances[r];
        }
      }
    }
  });
  return all;
}

using Candidate = std::pair<float, std::uint32_t>;

/// The k smallest with their places, equal ones by place.
std::vector<Candidate> smallest(std::span<const float> distances, std::size_t k) {
  std::vector<Candidate> found(k, {kInfinity, std::numeric_limits<std::uint32_t>::max()});
  for (std::uint32_t i = 0; i < distances.size(); ++i) {
    if (!(distances[i] < found.back().first)) continue;  // an equal one comes later
    found.pop_back();
    const Candidate candidate{distances[i], i};
    found.insert(std::ranges::upper_bound(found, candidate), candidate);
  }
  return found;
}

/// How many come before `place`, which is its rank less 1.
std::size_t before(std::span<const float> distances, std::uint32_t place) {
  const float own = distances[place];
  std::uint32_t count = 0;
  for (const float other : distances.first(place)) count += other <= own ? 1 : 0;
  for (const float other : distances.subspan(place)) count += other < own ? 1 : 0;
  return count;
}

/// Sum over the `k` nearest by `here` of their ranks by `there` beyond k.
double misplaced(std::span<const float> here, std::span<const float> there, std::size_t k) {
  double sum = 0;
  const float edge = smallest(there, k).back().first;
  for (const auto& [distance, place] : smallest(here, k)) {
    if (there[place] < edge) continue;
    const std::size_t rank = before(there, place) + 1;
    if (rank > k) sum += static_cast<double>(rank - k);
  }
  return sum;
}

/// What is found out about one judged row.
struct Judgement {
  double intruders = 0, missing = 0, triplets = 0;
};

Judgement judge(std::uint32_t place, std::span<float> space, MatrixView points, std::size_t k,
                std::uint64_t seed) {
  std::vector<float> map(space.size());
  const float x = points.row(place)[0], y = points.row(place)[1];
  for (std::size_t i = 0; i < map.size(); ++i) {
    const float dx = points.data[2 * i] - x, dy = points.data[2 * i + 1] - y;
    map[i] = dx * dx + dy * dy;
  }
  Judgement made;
  Random random(random_bits(seed, place));
  const auto other = [&] {
    const std::uint64_t drawn = random.below(space.size() - 1);
    return drawn < place ? drawn : drawn + 1;
  };
  for (std::size_t i = 0; i < kTriplets; ++i) {
    const std::uint64_t a = other(), b = other();
    made.triplets += (space[a] < space[b]) == (map[a] < map[b]) ? 1 : 0;
  }
  space[place] = map[place] = kInfinity;
  made.intruders = misplaced(map, space, k);
  made.missing = misplaced(space, map, k);
  return made;
}

std::vector<float> trust_of(const Neighbors& neighbors, MatrixView points, std::size_t k,
                            int threads) {
  const Neighbors map = planar_neighbors(points, std::min(k, neighbors.k), threads);
  std::vector<float> trust(map.rows, 1);
  if (map.k == 0) return trust;
  parallel_for(map.rows, 1024, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto near = neighbors.places_of(row).first(map.k);
      const auto kept = std::ranges::count_if(map.places_of(row), [&](std::uint32_t place) {
        return std::ranges::find(near, place) != near.end();
      });
      trust[row] = static_cast<float>(kept) / static_cast<float>(map.k);
    }
  });
  return trust;
}

}  // namespace

Quality quality(std::shared_ptr<const index::RowSource> source, index::Metric metric,
                MatrixView points, const Neighbors& neighbors, const QualityOptions& options,
                const Watcher& watcher) {
  const PlacedRows rows(std::move(source));
  const std::size_t count = rows.living();
  check(count, points, neighbors, options.k);
  Quality made;
  made.k = count > 0 ? std::min(options.k, (count - 1) / 2) : 0;
  made.trust = trust_of(neighbors, points, options.k, options.threads);
  if (made.k == 0) return made;
  made.neighbors_kept =
      std::accumulate(made.trust.begin(), made.trust.end(), 0.0) / static_cast<double>(count);

  const auto judged = sample_of(count, options);
  made.sample = judged.size();
  Judgement sum;
  const std::size_t at_once = std::clamp<std::size_t>(kDistances / count, 1, 256);
  for (std::size_t begin = 0; begin < judged.size(); begin += at_once) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped");
    const auto some = std::span(judged).subspan(begin, std::min(at_once, judged.size() - begin));
    std::vector<float> space = distances_to_all(rows, metric, rows_at(rows, some), options.threads);
    std::vector<Judgement> found(some.size());
    parallel_for(some.size(), 1, options.threads, [&](std::size_t i, std::size_t) {
      found[i] =
          judge(some[i], std::span(space).subspan(i * count, count), points, made.k, options.seed);
    });
    for (const Judgement& one : found) {
      sum.intruders += one.intruders;
      sum.missing += one.missing;
      sum.triplets += one.triplets;
    }
    watcher.tell({begin + some.size(), judged.size(), 0});
  }
  const auto n = static_cast<double>(count), k = static_cast<double>(made.k);
  const auto sampled = static_cast<double>(judged.size());
  const double scale = 2 / (sampled * k * (2 * n - 3 * k - 1));
  made.trustworthiness = 1 - scale * sum.intruders;
  made.continuity = 1 - scale * sum.missing;
  made.triplets = sum.triplets / (sampled * static_cast<double>(kTriplets));
  return made;
}

namespace {

/// The label most of `near` have; of several the one that is nearest. −1 when none is known.
int vote(std::span<const int> labels, std::span<const std::uint32_t> near) {
  int winner = -1;
  std::ptrdiff_t most = 0;
  for (const std::uint32_t place : near) {
    if (labels[place] < 0 || labels[place] == winner) continue;
    const auto votes = std::ranges::count_if(
        near, [&](std::uint32_t other) { return labels[other] == labels[place]; });
    if (votes > most) {
      winner = labels[place];
      most = votes;
    }
  }
  return winner;
}

double accuracy(std::span<const int> labels, const Neighbors& neighbors, std::size_t k) {
  std::size_t right = 0, known = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0) continue;
    ++known;
    const auto near = neighbors.places_of(row).first(std::min(k, neighbors.k));
    right += vote(labels, near) == labels[row] ? 1U : 0U;
  }
  return static_cast<double>(right) / static_cast<double>(known);
}

/// The points of one label.
struct Crowd {
  double x = 0, y = 0, count = 0;
};

double silhouette(std::span<const int> labels, std::span<const int> kinds, MatrixView points) {
  std::vector<Crowd> crowds(kinds.size());
  const auto crowd_of = [&](std::size_t row) {
    return static_cast<std::size_t>(std::ranges::lower_bound(kinds, labels[row]) - kinds.begin());
  };
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0) continue;
    Crowd& crowd = crowds[crowd_of(row)];
    crowd.x += static_cast<double>(points.row(row)[0]);
    crowd.y += static_cast<double>(points.row(row)[1]);
    ++crowd.count;
  }
  for (Crowd& crowd : crowds) {
    crowd.x /= crowd.count;
    crowd.y /= crowd.count;
  }
  double sum = 0, known = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0) continue;
    ++known;
    const std::size_t own = crowd_of(row);
    if (crowds[own].count < 2) continue;
    double nearest = std::numeric_limits<double>::infinity(), within = 0;
    for (std::size_t i = 0; i < crowds.size(); ++i) {
      const double x = static_cast<double>(points.row(row)[0]) - crowds[i].x;
      const double y = static_cast<double>(points.row(row)[1]) - crowds[i].y;
      const double distance = std::sqrt(x * x + y * y);
      if (i == own) {
        within = distance;
      } else {
        nearest = std::min(nearest, distance);
      }
    }
    const double larger = std::max(nearest, within);
    if (larger > 0) sum += (nearest - within) / larger;
  }
  return sum / known;
}

}  // namespace

LabelQuality label_quality(std::span<const int> labels, const Neighbors& neighbors,
                           MatrixView points, std::size_t k, int threads) {
  check(labels.size(), points, neighbors, k);
  std::vector<int> kinds;
  std::ranges::copy_if(labels, std::back_inserter(kinds), [](int label) { return label >= 0; });
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  if (kinds.size() < 2) return {};
  LabelQuality made;
  made.space = accuracy(labels, neighbors, k);
  made.map = accuracy(labels, planar_neighbors(points, k, threads), k);
  made.silhouette = silhouette(labels, kinds, points);
  return made;
}

}  // namespace alike::map
