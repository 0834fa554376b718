#include "alike/measure/recommendation.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/index/combined_row.h"
#include "alike/measure/interval.h"
#include "alike/measure/labels.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

using Places = std::vector<std::uint32_t>;

constexpr double kShared = 0.5;  // of the liked rows are known: what two draws have in common

[[noreturn]] void refuse(const Profile& profile, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "profile '" + profile.name + "' " + why);
}

void check(MatrixView rows, const Profile& profile) {
  std::set<std::uint32_t> seen;
  for (const Places* places : {&profile.liked, &profile.disliked}) {
    for (const std::uint32_t place : *places) {
      if (place >= rows.rows) {
        refuse(profile,
               "names row " + std::to_string(place) + "; there are " + std::to_string(rows.rows));
      }
      if (!seen.insert(place).second) {
        refuse(profile, "names row " + std::to_string(place) + " twice");
      }
    }
  }
}

/// Rows of zeros have no direction, and say nothing of a taste.
Places telling(MatrixView rows, Places places) {
  std::erase_if(places, [&](std::uint32_t place) {
    return std::ranges::all_of(rows.row(place), [](float value) { return value == 0; });
  });
  return places;
}

std::vector<std::vector<float>> copies(MatrixView rows, const Places& places) {
  std::vector<std::vector<float>> all;
  for (const std::uint32_t place : places) {
    const auto row = rows.row(place);
    all.emplace_back(row.begin(), row.end());
  }
  return all;
}

/// One query: the known rows of a profile and those to be found.
struct Trial {
  std::size_t profile = 0;
  Places known, hidden;
};

/// Half of the liked rows at random, in another order for each draw.
Trial trial_of(Places liked, std::size_t number, const RecommendationOptions& options,
               std::size_t draw) {
  Trial trial{number, std::move(liked), {}};
  Random random(random_bits(options.seed, number * options.draws + draw));
  for (std::size_t i = trial.known.size(); i > 1; --i) {
    std::swap(trial.known[i - 1], trial.known[random.below(i)]);
  }
  const std::size_t known = std::min(options.known, trial.known.size() / 2);
  trial.hidden.assign(trial.known.begin() + static_cast<std::ptrdiff_t>(known), trial.known.end());
  trial.known.resize(known);
  return trial;
}

/// The first `k` that are in none of the lists.
std::vector<Suggestion> others(std::span<const index::Neighbor> nearest, const Places& known,
                               const Places& disliked, std::size_t k) {
  std::vector<Suggestion> found;
  for (const auto& neighbor : nearest) {
    const auto row = static_cast<std::uint32_t>(neighbor.id);
    if (std::ranges::count(known, row) > 0 || std::ranges::count(disliked, row) > 0) continue;
    if (found.size() < k) found.push_back({row, neighbor.distance});
  }
  return found;
}

double gain(std::size_t rank) { return 1 / std::log2(1 + static_cast<double>(rank)); }

/// ndcg@K; above 0 exactly where one was hit.
double gained(std::span<const Suggestion> found, const Places& hidden, std::size_t k) {
  double sum = 0, most = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::ranges::count(hidden, found[i].row) > 0) sum += gain(i + 1);
  }
  for (std::size_t i = 0; i < std::min(k, hidden.size()); ++i) most += gain(i + 1);
  return sum / most;
}

}  // namespace

namespace {

/// The mean over profiles of the means of their trials.
Measure mean_of_trials(std::string name, const Places& judged, std::span<const double> of_trials,
                       const RecommendationOptions& options) {
  std::vector<double> means;
  double drawn = 0;
  for (std::size_t p = 0; p < judged.size(); ++p) {
    const auto own = of_trials.subspan(p * options.draws, options.draws);
    double sum = 0;
    for (const double value : own) sum += value;
    means.push_back(sum / static_cast<double>(own.size()));
    drawn += drawn_variance(own, kShared);
  }
  const auto count = static_cast<double>(judged.size());
  Measure made = mean_of(std::move(name), judged, std::move(means));
  if (!options.same_profiles) return made;
  made.drawn = drawn / (count * count);
  made.drawn_freedom = judged.size() * (options.draws - 1);
  made.trials = static_cast<double>(options.draws);
  made.others = judged;
  for (const double value : made.values) made.effects.push_back(made.value - value);
  return made;
}

}  // namespace

std::vector<Profile> profiles_of(std::span<const int> labels) {
  std::vector<Profile> profiles;
  for (auto& members : rows_by_class(labels, class_count(labels))) {
    if (members.size() < 2) continue;
    profiles.push_back({std::to_string(labels[members.front()]), std::move(members), {}});
  }
  return profiles;
}

std::vector<Suggestion> suggest(MatrixView rows, const Profile& profile,
                                const RecommendationOptions& options) {
  check(rows, profile);
  if (profile.liked.empty()) refuse(profile, "likes nothing; name a picture that it likes");
  const auto row = index::combined_row(copies(rows, profile.liked), copies(rows, profile.disliked));
  std::vector<Suggestion> found;
  const std::size_t named = profile.liked.size() + profile.disliked.size();
  for_nearest({row.data(), 1, row.size()}, rows,
              {.metric = options.metric, .k = options.k + named, .threads = options.threads}, {},
              [&](std::size_t, std::span<const index::Neighbor> nearest) {
                found = others(nearest, profile.liked, profile.disliked, options.k);
              });
  return found;
}

Recommendation measure_recommendation(MatrixView rows, std::span<const Profile> profiles,
                                      const RecommendationOptions& options,
                                      const Watcher& watcher) {
  Recommendation made;
  std::vector<Trial> trials;
  std::size_t named = 0;
  std::vector<std::uint32_t> judged;
  for (std::size_t p = 0; p < profiles.size(); ++p) {
    check(rows, profiles[p]);
    const Places liked = telling(rows, profiles[p].liked);
    if (liked.size() < 2) {
      ++made.left_out;
      continue;
    }
    judged.push_back(static_cast<std::uint32_t>(p));
    for (std::size_t draw = 0; draw < options.draws; ++draw) {
      trials.push_back(trial_of(liked, p, options, draw));
      named = std::max(named, trials.back().known.size() + profiles[p].disliked.size());
    }
  }
  if (judged.empty()) return made;
  Matrix queries(trials.size(), rows.width);
  for (std::size_t t = 0; t < trials.size(); ++t) {
    const Profile& profile = profiles[trials[t].profile];
    std::ranges::copy(
        index::combined_row(copies(rows, trials[t].known), copies(rows, profile.disliked)),
        queries.row(t).begin());
  }
  std::vector<double> hits(trials.size()), gains(trials.size());
  for_nearest(queries, rows,
              {.metric = options.metric, .k = options.k + named, .threads = options.threads},
              watcher, [&](std::size_t t, std::span<const index::Neighbor> nearest) {
                const Trial& trial = trials[t];
                const auto found =
                    others(nearest, trial.known, profiles[trial.profile].disliked, options.k);
                const double value = gained(found, trial.hidden, options.k);
                hits[t] = value > 0 ? 1 : 0;
                gains[t] = value;
              });
  const std::string at = "@" + std::to_string(options.k);
  made.measures.push_back(mean_of_trials("hit rate" + at, judged, hits, options));
  made.measures.push_back(mean_of_trials("ndcg" + at, judged, gains, options));
  return made;
}

}  // namespace alike::measure
