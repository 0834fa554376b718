#include "alike/judge/protocols.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <map>

#include "alike/base/error.h"
#include "alike/measure/clustering.h"
#include "alike/measure/geometry.h"
#include "alike/measure/identification.h"
#include "alike/measure/knn.h"
#include "alike/measure/learners/nearest_rows.h"
#include "alike/measure/playground_score.h"
#include "alike/measure/probe.h"
#include "alike/measure/retrieval.h"

namespace alike::judge {
namespace {

constexpr std::array<std::size_t, 4> kShots = {1, 5, 10, 100};
constexpr std::array<std::size_t, 2> kEnrolled = {1, 5};
constexpr std::ptrdiff_t kFewestIdentified = 4;
constexpr std::size_t kPairs = 5000;  // of one class, and as many of two
constexpr std::size_t kDraws = 5;     // of a few-shot probe

}  // namespace

std::string one_or_many(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + (count == 1 ? one : many);
}

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Judged sure(measure::Measure measure) {
  Judged judged;
  judged.has_interval = measure.values.size() > 1;
  judged.interval = measure::interval_of(measure);
  judged.measure = std::move(measure);
  return judged;
}

Section Protocols::section(Protocol protocol) {
  Section made;
  made.protocol = protocol;
  switch (protocol) {
    case Protocol::probe: probe(made); break;
    case Protocol::knn: knn(made); break;
    case Protocol::retrieval: retrieval(made); break;
    case Protocol::verify: verify_pairs(made); break;
    case Protocol::identify: identify(made); break;
    case Protocol::recommend: recommend(made); break;
    case Protocol::cluster: cluster(made); break;
    case Protocol::score: score(made); break;
    case Protocol::geometry: geometry(made); break;
    case Protocol::damage:              // needs pictures: judge_damage
    case Protocol::disentangle: break;  // needs factors: judge_factors
  }
  return made;
}

const measure::Split& Protocols::split(Section& to) {
  if (split_.train.empty()) {
    split_ = measure::stratified_split(labels_.of, options_.test_share, options_.seed);
    if (!split_.test.empty()) {
      begin("test pictures looked for in train");
      leaks_ = measure::find_leakage(rows_, split_, options_.contents,
                                     {.similarity = options_.leak_similarity,
                                      .threads = options_.threads,
                                      .metric = options_.metric},
                                     watcher_)
                   .leaks;
    }
  }
  if (!leaks_.empty()) {
    to.remarks.push_back(
        one_or_many(leaks_.size(), " of the test pictures is", " of the test pictures are") +
        " in train too, or look the same to this space");
  }
  to.settings.emplace_back("test share", shown(options_.test_share));
  to.settings.emplace_back("seed", std::to_string(options_.seed));
  to.settings.emplace_back("train rows", std::to_string(split_.train.size()));
  to.settings.emplace_back("test rows", std::to_string(split_.test.size()));
  std::size_t lone = 0;
  for (const auto& members : measure::rows_by_class(labels_.of, labels_.classes())) {
    lone += members.size() == 1 ? 1U : 0U;
  }
  if (lone > 0) {
    to.remarks.push_back(
        one_or_many(lone, " class of one picture is", " classes of one picture are") +
        " learnt from but not judged");
  }
  return split_;
}

void Protocols::probe(Section& to) {
  begin("passes of the linear probe");
  const measure::Split& halves = split(to);
  if (alone(to)) return;
  const measure::ProbeOptions how{.seed = options_.seed, .threads = options_.threads};
  measure::Probe found = measure::measure_probe(rows_, labels_.of, halves, how, watcher_);
  to.settings.emplace_back("strength", shown(found.strength));
  if (found.constant > 0) {
    to.remarks.push_back(
        one_or_many(found.constant, " number of a row is", " numbers of a row are") +
        " the same in all of train and not used");
  }
  if (!found.converged) to.remarks.emplace_back("the last fit had not come to its end");
  count_confusions(halves, found.predicted);
  add(to, std::move(found.accuracy));
  if (options_.few_shot) few_shot(to, halves, how);
}

void Protocols::few_shot(Section& to, const measure::Split& halves,
                         const measure::ProbeOptions& how) {
  std::vector<std::size_t> sizes;
  for (const auto& members : measure::rows_by_class(labels_.of, labels_.classes())) {
    sizes.push_back(members.size());
  }
  std::ranges::sort(sizes);
  const std::size_t median = sizes[sizes.size() / 2];
  for (const std::size_t shots : kShots) {
    if (shots >= median) {
      to.remarks.push_back("not judged by " + std::to_string(shots) +
                           " a class or more: half of the classes have at most " +
                           one_or_many(median, " picture", " pictures"));
      break;
    }
    begin("few-shot probes");
    add(to, measure::measure_few_shot(rows_, labels_.of, halves, shots, kDraws, how, watcher_));
  }
  to.settings.emplace_back("draws of few-shot probes", std::to_string(kDraws));
}

void Protocols::knn(Section& to) {
  begin("rows classified by their neighbours");
  const measure::Split& halves = split(to);
  if (alone(to)) return;
  const measure::KnnOptions how{.metric = options_.metric, .threads = options_.threads};
  measure::Knn found = measure::classify_by_neighbors(rows_, labels_.of, halves, how, watcher_);
  to.settings.emplace_back("metric", index::name_of(options_.metric));
  to.settings.emplace_back("temperature", shown(how.temperature));
  for (const std::size_t k : found.left_out) {
    to.remarks.push_back("k = " + std::to_string(k) + " is left out: train has fewer rows");
  }
  for (measure::KnnVote& vote : found.votes) add(to, std::move(vote.accuracy));
}

void Protocols::count_confusions(const measure::Split& halves, const std::vector<int>& told) {
  std::map<std::pair<int, int>, std::size_t> counts;
  for (std::size_t i = 0; i < halves.test.size(); ++i) {
    ++counts[{labels_.of[halves.test[i]], told[i]}];
  }
  for (const auto& [classes, rows] : counts) {
    confusions_.push_back({classes.first, classes.second, rows});
  }
}

void Protocols::retrieval(Section& to) {
  begin("queries");
  if (alone(to)) return;
  const measure::RetrievalOptions how{.metric = options_.metric, .threads = options_.threads};
  measure::Retrieval found;
  if (options_.queries.empty()) {
    found = measure::measure_retrieval(rows_, labels_.of, how, watcher_);
  } else {
    found = retrieve_apart(how);
  }
  to.settings.emplace_back("metric", index::name_of(options_.metric));
  to.settings.emplace_back(
      "gallery", options_.queries.empty() ? "all others" : "pictures that are no queries");
  to.settings.emplace_back("queries", std::to_string(found.queries));
  if (found.lone > 0) {
    to.remarks.push_back(one_or_many(found.lone, " query is left out: nothing else is of its class",
                                     " queries are left out: nothing else is of their classes"));
  }
  add_all(to, std::move(found.measures));
}

/// The rows that the measures name are those of the queries among all.
measure::Retrieval Protocols::retrieve_apart(const measure::RetrievalOptions& how) const {
  std::vector<std::uint32_t> others;
  for (std::uint32_t i = 0; i < rows_.rows; ++i) {
    if (!std::ranges::binary_search(options_.queries, i)) others.push_back(i);
  }
  const auto labels_at = [&](std::span<const std::uint32_t> places) {
    std::vector<int> labels;
    for (const std::uint32_t place : places) labels.push_back(labels_.of[place]);
    return labels;
  };
  measure::Retrieval found = measure::measure_retrieval(
      measure::rows_at(rows_, options_.queries), labels_at(options_.queries),
      measure::rows_at(rows_, others), labels_at(others), how, watcher_);
  for (measure::Measure& measure : found.measures) {
    for (std::uint32_t& row : measure.rows) row = options_.queries[row];
    for (std::uint32_t& row : measure.others) row = others[row - options_.queries.size()];
  }
  return found;
}

void Protocols::verify_pairs(Section& to) {
  begin("pairs");
  if (options_.pairs.empty() && alone(to)) return;
  const auto pairs = options_.pairs.empty() ? measure::draw_pairs(labels_.of, kPairs, options_.seed)
                                            : options_.pairs;
  const auto same = std::ranges::count_if(pairs, &measure::RowPair::same);
  const measure::VerificationOptions how{.metric = options_.metric};
  to.settings.emplace_back("pairs of one class", std::to_string(same));
  to.settings.emplace_back("of two", std::to_string(std::ssize(pairs) - same));
  to.settings.emplace_back("folds", std::to_string(how.folds));
  if (options_.pairs.empty()) to.settings.emplace_back("seed", std::to_string(options_.seed));
  measure::Verification found = measure::verify(rows_, pairs, how);
  roc_ = std::move(found.roc);
  for (std::size_t m = 0; m < found.measures.size(); ++m) {
    to.judged.push_back({std::move(found.measures[m]), found.intervals[m], pairs.size() > 1});
  }
}

void Protocols::identify(Section& to) {
  begin("pictures identified");
  if (alone(to)) return;
  to.settings.emplace_back("metric", index::name_of(options_.metric));
  to.settings.emplace_back("seed", std::to_string(options_.seed));
  for (const std::size_t shots : kEnrolled) {
    const measure::IdentificationOptions how{.metric = options_.metric,
                                             .shots = shots,
                                             .seed = options_.seed,
                                             .threads = options_.threads};
    const auto members = measure::rows_by_class(labels_.of, labels_.classes());
    const auto enough =
        std::ranges::count_if(members, [&](const auto& rows) { return rows.size() > shots; });
    if (enough < kFewestIdentified) {
      to.remarks.push_back(
          "not judged by " + std::to_string(shots) + " a class: " +
          one_or_many(static_cast<std::size_t>(enough), " class has", " classes have") +
          " more, and four are needed");
      continue;
    }
    measure::Identification found =
        measure::measure_identification(rows_, labels_.of, how, watcher_);
    const std::string few = " (" + std::to_string(shots) + " a class)";
    to.settings.emplace_back("known classes" + few, std::to_string(found.classes));
    to.settings.emplace_back("strangers" + few, std::to_string(found.strangers));
    add_all(to, std::move(found.measures));
  }
}

void Protocols::recommend(Section& to) {
  begin("profiles");
  if (options_.profiles.empty() && alone(to)) return;
  const auto profiles =
      options_.profiles.empty() ? measure::profiles_of(labels_.of) : options_.profiles;
  const measure::RecommendationOptions how{.metric = options_.metric,
                                           .same_profiles = options_.profiles.empty(),
                                           .seed = options_.seed,
                                           .threads = options_.threads};
  measure::Recommendation found = measure::measure_recommendation(rows_, profiles, how, watcher_);
  to.settings.emplace_back("profiles", std::to_string(profiles.size() - found.left_out));
  to.settings.emplace_back("from", options_.profiles.empty() ? "classes" : "file");
  to.settings.emplace_back("known of each", "half, at most " + std::to_string(how.known));
  to.settings.emplace_back("draws", std::to_string(how.draws));
  to.settings.emplace_back("seed", std::to_string(options_.seed));
  if (found.left_out > 0) {
    to.remarks.push_back(
        one_or_many(found.left_out, " profile is", " profiles are") +
        " left out: fewer than two pictures that are there and not all zeros are liked");
  }
  add_all(to, std::move(found.measures));
}

void Protocols::cluster(Section& to) {
  begin("rounds of k-means");
  if (alone(to)) return;
  const measure::ClusteringOptions how{
      .metric = options_.metric,
      .seeds = {options_.seed, options_.seed + 1, options_.seed + 2},
      .threads = options_.threads};
  to.settings.emplace_back("clusters", std::to_string(labels_.classes()));
  to.settings.emplace_back(
      "rows", options_.metric == index::Metric::cosine ? "of length 1" : "as they are");
  std::string seeds;
  for (const std::uint64_t seed : how.seeds) {
    seeds += (seeds.empty() ? "" : " ") + std::to_string(seed);
  }
  to.settings.emplace_back("seeds", seeds);
  add_all(to, measure::measure_clusters(rows_, labels_.of, how, watcher_));
}

void Protocols::score(Section& to) {
  begin("queries");
  to.settings.emplace_back("metric", index::name_of(options_.metric));
  to.settings.emplace_back("results", std::to_string(measure::kPlaygroundResults));
  if (alone(to)) return;
  add(to,
      measure::playground_scores(
          rows_, labels_.of, {.metric = options_.metric, .threads = options_.threads}, watcher_));
}

void Protocols::geometry(Section& to) {
  begin("rows compared");
  if (rows_.rows < 3) {
    to.remarks.emplace_back("not judged: there are fewer than 3 pictures");
    return;
  }
  const measure::GeometryOptions how{
      .metric = options_.metric, .seed = options_.seed, .threads = options_.threads};
  measure::Geometry found = measure::measure_geometry(rows_, labels_.of, how, watcher_);
  to.settings.emplace_back("rows", std::to_string(found.rows));
  to.settings.emplace_back("seed", std::to_string(how.seed));
  to.settings.emplace_back("metric", index::name_of(how.metric));
  add_all(to, std::move(found.measures));
  to.remarks.insert(to.remarks.end(), found.warnings.begin(), found.warnings.end());
}

bool Protocols::alone(Section& to) const {
  const auto members = measure::rows_by_class(labels_.of, labels_.classes());
  if (std::ranges::any_of(members, [](const auto& rows) { return rows.size() > 1; })) return false;
  to.remarks.emplace_back("not judged: every class has one picture only");
  return true;
}

}  // namespace alike::judge
