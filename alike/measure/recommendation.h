// Suggestions by a profile of likes and dislikes, and how well they are met.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"

namespace alike::measure {

/// A taste, as places of rows; no place is in it twice.
struct Profile {
  std::string name;
  std::vector<std::uint32_t> liked, disliked;
};

/// A profile for each class that has two rows or more: it likes them. Its name is the class's
/// number.
std::vector<Profile> profiles_of(std::span<const int> labels);

struct RecommendationOptions {
  index::Metric metric = index::Metric::cosine;
  std::size_t k = 10;      ///< Suggestions that are judged, at least 1.
  std::size_t known = 10;  ///< Liked rows that are known at most, at least 1.
  std::size_t draws = 5;   ///< Of the known rows, at least 1.
  /// Another sample has other rows of the same profiles, as of classes; else profiles are drawn,
  /// as those of people are.
  bool same_profiles = false;
  std::uint64_t seed = 1;
  int threads = 1;  ///< The result does not depend on it.
};

/// One row suggested.
struct Suggestion {
  std::uint32_t row = 0;
  float distance = 0;  ///< From the row that the profile combines to (index/combined_row.h).
};

/// The `options.k` rows nearest to the combined row of the profile, nearest first, equal ones by
/// place; without those that it names. `invalid_argument` for no liked row, a place that is no row,
/// a row that is liked and disliked.
std::vector<Suggestion> suggest(MatrixView rows, const Profile& profile,
                                const RecommendationOptions& options);

struct Recommendation {
  /// By half of the liked rows, at most `known` of them, and all disliked ones; the other half is
  /// hidden and to be found among all rows that the profile is not known to name. Means over draws,
  /// `rows` are places of profiles:
  ///
  /// | hit rate@K | 1 where a hidden row is among the first K |
  /// | ndcg@K     | Σ 1/log2(1 + r) over the ranks r ≤ K of hidden rows, divided by the most that
  ///                could be (Järvelin, Kekäläinen 2002) |
  std::vector<Measure> measures;  ///< None where no profile is left.
  std::size_t left_out = 0;       ///< Profiles with fewer than two liked rows that are not zeros.
};

/// Throws as `suggest`, naming the profile, but leaves out those that like nothing; for NaN or
/// infinity (the row is named); `interrupted`.
Recommendation measure_recommendation(MatrixView rows, std::span<const Profile> profiles,
                                      const RecommendationOptions& options,
                                      const Watcher& watcher = {});

}  // namespace alike::measure
