#include "alike/evaluate/judge.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/evaluate/clustering.h"
#include "alike/evaluate/disentanglement.h"
#include "alike/evaluate/geometry.h"
#include "alike/evaluate/knn.h"
#include "alike/evaluate/playground_score.h"
#include "alike/evaluate/probe.h"
#include "alike/evaluate/retrieval.h"
#include "alike/evaluate/verification.h"

namespace alike::evaluate {
namespace {

constexpr std::array<std::size_t, 4> kShots = {1, 5, 10, 100};
constexpr std::size_t kPairs = 5000;  // of one class, and as many of two
constexpr std::size_t kDraws = 5;     // of a few-shot probe

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Judged sure(Measure measure, std::uint64_t seed) {
  Judged judged;
  judged.has_interval = measure.values.size() > 1;
  judged.interval = judged.has_interval ? bootstrap_interval(measure.values, seed)
                                        : Interval{measure.value, measure.value};
  judged.measure = std::move(measure);
  return judged;
}

/// Rows and what is known of them, while they are judged.
class Judging {
 public:
  Judging(MatrixView rows, const Labels& labels, const JudgeOptions& options,
          const JudgeWatcher& watcher)
      : rows_(rows), labels_(labels), options_(options), watcher_(watcher) {}

  std::vector<Leak> take_leaks() { return std::move(leaks_); }

  Section section(Protocol protocol) {
    Section made;
    made.protocol = protocol;
    switch (protocol) {
      case Protocol::probe: probe(made); break;
      case Protocol::knn: knn(made); break;
      case Protocol::retrieval: retrieval(made); break;
      case Protocol::verify: verify_pairs(made); break;
      case Protocol::cluster: cluster(made); break;
      case Protocol::score: score(made); break;
      case Protocol::geometry: geometry(made); break;
      case Protocol::disentangle: break;  // has no labels: judge_factors
    }
    return made;
  }

 private:
  void begin(std::string_view what) const {
    if (watcher_.begin) watcher_.begin(what);
  }

  void add(Section& to, Measure measure) const {
    to.judged.push_back(sure(std::move(measure), options_.seed));
  }

  const Split& split(Section& to) {
    if (split_.train.empty()) {
      split_ = stratified_split(labels_.of, options_.test_share, options_.seed);
      if (!split_.test.empty()) {
        begin("test pictures looked for in train");
        leaks_ = find_leakage(rows_, split_, {},
                              {.similarity = options_.leak_similarity, .threads = options_.threads},
                              watcher_.watcher)
                     .leaks;
      }
    }
    if (!leaks_.empty()) {
      to.remarks.push_back(
          std::to_string(leaks_.size()) +
          " of the test pictures are in train too, or look the same to this space");
    }
    to.settings.emplace_back("test share", shown(options_.test_share));
    to.settings.emplace_back("seed", std::to_string(options_.seed));
    to.settings.emplace_back("train rows", std::to_string(split_.train.size()));
    to.settings.emplace_back("test rows", std::to_string(split_.test.size()));
    std::size_t lone = 0;
    for (const auto& members : rows_by_class(labels_.of, labels_.classes())) {
      lone += members.size() == 1 ? 1U : 0U;
    }
    if (lone > 0) {
      to.remarks.push_back(std::to_string(lone) +
                           " classes of one picture are learnt from but not judged");
    }
    return split_;
  }

  void probe(Section& to) {
    begin("passes of the linear probe");
    const Split& halves = split(to);
    if (halves.test.empty()) return remark_alone(to);
    const ProbeOptions how{.seed = options_.seed, .threads = options_.threads};
    Probe found = measure_probe(rows_, labels_.of, halves, how, watcher_.watcher);
    to.settings.emplace_back("strength", shown(found.strength));
    if (found.constant > 0) {
      to.remarks.push_back(std::to_string(found.constant) +
                           " numbers of a row are the same in all of train and are not used");
    }
    if (!found.converged) to.remarks.emplace_back("the last fit had not come to its end");
    add(to, std::move(found.accuracy));
    if (options_.few_shot) few_shot(to, halves, how);
  }

  /// From so many rows of a class as half of the classes have.
  void few_shot(Section& to, const Split& halves, const ProbeOptions& how) {
    std::vector<std::size_t> sizes;
    for (const auto& members : rows_by_class(labels_.of, labels_.classes())) {
      sizes.push_back(members.size());
    }
    std::ranges::sort(sizes);
    for (const std::size_t shots : kShots) {
      if (shots >= sizes[sizes.size() / 2]) break;
      begin("few-shot probes");
      add(to, measure_few_shot(rows_, labels_.of, halves, shots, kDraws, how, watcher_.watcher));
    }
    to.settings.emplace_back("draws of few-shot probes", std::to_string(kDraws));
  }

  void knn(Section& to) {
    begin("rows classified by their neighbours");
    const Split& halves = split(to);
    if (halves.test.empty()) return remark_alone(to);
    const KnnOptions how{.metric = options_.metric, .threads = options_.threads};
    Knn found = classify_by_neighbors(rows_, labels_.of, halves, how, watcher_.watcher);
    to.settings.emplace_back("metric", index::name_of(options_.metric));
    to.settings.emplace_back("temperature", shown(how.temperature));
    for (const std::size_t k : found.left_out) {
      to.remarks.push_back("k = " + std::to_string(k) + " is left out: train has fewer rows");
    }
    for (KnnVote& vote : found.votes) add(to, std::move(vote.accuracy));
  }

  void retrieval(Section& to) {
    begin("queries");
    to.settings.emplace_back("metric", index::name_of(options_.metric));
    to.settings.emplace_back("gallery", "all others");
    const RetrievalOptions how{.metric = options_.metric, .threads = options_.threads};
    if (alone()) return remark_alone(to);
    Retrieval found = measure_retrieval(rows_, labels_.of, how, watcher_.watcher);
    to.settings.emplace_back("queries", std::to_string(found.queries));
    if (found.lone > 0) {
      to.remarks.push_back(std::to_string(found.lone) +
                           " queries are left out: nothing else is of their class");
    }
    for (Measure& measure : found.measures) add(to, std::move(measure));
  }

  void verify_pairs(Section& to) {
    begin("pairs");
    if (alone()) return remark_alone(to);
    const auto pairs = draw_pairs(labels_.of, kPairs, options_.seed);
    const auto same = std::ranges::count_if(pairs, &RowPair::same);
    const VerificationOptions how{.metric = options_.metric};
    to.settings.emplace_back("pairs of one class", std::to_string(same));
    to.settings.emplace_back("of two", std::to_string(std::ssize(pairs) - same));
    to.settings.emplace_back("folds", std::to_string(how.folds));
    to.settings.emplace_back("seed", std::to_string(options_.seed));
    for (Measure& measure : verify(rows_, pairs, how).measures) add(to, std::move(measure));
  }

  void cluster(Section& to) {
    begin("rounds of k-means");
    const ClusteringOptions how{.seeds = {options_.seed, options_.seed + 1, options_.seed + 2},
                                .threads = options_.threads};
    to.settings.emplace_back("clusters", std::to_string(labels_.classes()));
    to.settings.emplace_back("rows", "of length 1");
    to.settings.emplace_back("seeds", std::to_string(how.seeds.size()));
    for (Measure& measure : measure_clusters(rows_, labels_.of, how, watcher_.watcher)) {
      add(to, std::move(measure));
    }
  }

  void score(Section& to) {
    begin("queries");
    to.settings.emplace_back("metric", index::name_of(options_.metric));
    to.settings.emplace_back("results", std::to_string(kPlaygroundResults));
    if (alone()) return remark_alone(to);
    add(to, playground_scores(rows_, labels_.of,
                              {.metric = options_.metric, .threads = options_.threads},
                              watcher_.watcher));
  }

  void geometry(Section& to) {
    begin("rows compared");
    if (rows_.rows < 3) {
      to.remarks.emplace_back("not judged: there are fewer than 3 pictures");
      return;
    }
    const GeometryOptions how{
        .metric = options_.metric, .seed = options_.seed, .threads = options_.threads};
    Geometry found = measure_geometry(rows_, labels_.of, how, watcher_.watcher);
    to.settings.emplace_back("rows", std::to_string(found.rows));
    to.settings.emplace_back("seed", std::to_string(how.seed));
    to.settings.emplace_back("metric", index::name_of(how.metric));
    for (Measure& measure : found.measures) add(to, std::move(measure));
    to.remarks.insert(to.remarks.end(), found.warnings.begin(), found.warnings.end());
  }

  bool alone() const {
    return std::ranges::all_of(rows_by_class(labels_.of, labels_.classes()),
                               [](const auto& members) { return members.size() < 2; });
  }
  static void remark_alone(Section& to) {
    to.remarks.emplace_back("not judged: every class has one picture only");
  }

  MatrixView rows_;
  const Labels& labels_;
  const JudgeOptions& options_;
  const JudgeWatcher& watcher_;
  Split split_;
  std::vector<Leak> leaks_;
};

}  // namespace

std::string_view name_of(Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::probe: return "probe";
    case Protocol::knn: return "knn";
    case Protocol::retrieval: return "retrieval";
    case Protocol::verify: return "verify";
    case Protocol::cluster: return "cluster";
    case Protocol::score: return "score";
    case Protocol::geometry: return "geometry";
    case Protocol::disentangle: return "disentangle";
  }
  return "";
}

Protocol protocol_from(std::string_view name) {
  std::vector<std::string> names;
  for (const Protocol protocol : kProtocols) {
    if (name_of(protocol) == name) return protocol;
    names.emplace_back(name_of(protocol));
  }
  throw Error(ErrorCode::invalid_argument,
              "there is no protocol '" + std::string(name) + "'" + suggestion(name, names));
}

Judgement judge(MatrixView rows, const Labels& labels, const JudgeOptions& options,
                const JudgeWatcher& watcher) {
  if (labels.of.size() != rows.rows) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(labels.of.size()) + " labels are given for " +
                    std::to_string(rows.rows) + " rows; give one for each");
  }
  if (labels.classes() < 2) {
    throw Error(ErrorCode::invalid_argument,
                labels.classes() == 0
                    ? std::string("no picture has a label; put pictures of one kind into one "
                                  "folder, or give labels as a file of lines 'path,label'")
                    : "all pictures are of one class, '" + labels.names.front() +
                          "'; a representation is judged by telling two or more apart");
  }
  Judgement judgement;
  judgement.rows = rows.rows;
  judgement.labelled = static_cast<std::size_t>(
      std::ranges::count_if(labels.of, [](int label) { return label >= 0; }));
  judgement.classes = labels.names;
  judgement.labels = labels.of;
  Judging judging(rows, labels, options, watcher);
  for (const Protocol protocol : kProtocols) {
    if (std::ranges::count(options.protocols, protocol) == 0) continue;
    judgement.sections.push_back(judging.section(protocol));
  }
  judgement.leaks = judging.take_leaks();
  return judgement;
}

Judgement judge_factors(MatrixView rows, const FactorTable& factors, const JudgeOptions& options,
                        const JudgeWatcher& watcher) {
  if (watcher.begin) watcher.begin("trees and votes");
  const DisentanglementOptions how{.seed = options.seed, .threads = options.threads};
  const Disentanglement found = disentanglement(rows, factors, how, watcher.watcher);
  Judgement judgement;
  judgement.rows = judgement.labelled = rows.rows;
  judgement.labels.assign(rows.rows, -1);
  Section& section = judgement.sections.emplace_back();
  section.protocol = Protocol::disentangle;
  std::string names;
  for (const std::string& name : found.factors) names += (names.empty() ? "" : ", ") + name;
  section.settings = {{"factors", names},
                      {"test share", shown(how.test_share)},
                      {"seed", std::to_string(how.seed)}};
  for (Measure& measure : found.measures()) {
    section.judged.push_back(sure(std::move(measure), options.seed));
  }
  for (const std::string& name : found.constant_factors) {
    section.remarks.push_back("factor '" + name + "' has one value only and is left out");
  }
  if (found.constant_dims > 0) {
    section.remarks.push_back(std::to_string(found.constant_dims) +
                              " numbers of a row are the same in all rows");
  }
  return judgement;
}

std::vector<std::pair<std::string, Measure>> by_class(const Measure& measure,
                                                      const Judgement& judgement) {
  std::vector<std::pair<std::string, Measure>> all;
  const auto of_class = by_class(measure, judgement.labels, judgement.classes.size());
  for (std::size_t c = 0; c < of_class.size(); ++c) {
    if (!of_class[c].values.empty()) all.emplace_back(judgement.classes[c], of_class[c]);
  }
  return all;
}

}  // namespace alike::evaluate
