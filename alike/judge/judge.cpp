#include "alike/judge/judge.h"

#include <algorithm>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/judge/protocols.h"
#include "alike/measure/factors/disentanglement.h"
#include "alike/measure/learners/nearest_rows.h"
#include "alike/measure/playground_score.h"

namespace alike::judge {

std::string_view name_of(Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::probe: return "probe";
    case Protocol::knn: return "knn";
    case Protocol::retrieval: return "retrieval";
    case Protocol::verify: return "verify";
    case Protocol::identify: return "identify";
    case Protocol::recommend: return "recommend";
    case Protocol::cluster: return "cluster";
    case Protocol::score: return "score";
    case Protocol::geometry: return "geometry";
    case Protocol::damage: return "damage";
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

namespace {

/// The mean over measures of the same rows, row by row.
measure::Measure mean_over(const std::vector<measure::Measure>& measures) {
  std::vector<double> values(measures.front().values.size());
  for (const measure::Measure& measure : measures) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] += measure.values[i] / static_cast<double>(measures.size());
    }
  }
  return measure::mean_of(measures.front().name, measures.front().rows, std::move(values));
}

}  // namespace

void check_classes(const std::vector<std::string>& names) {
  if (names.size() >= 2) return;
  if (names.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "no picture has a label; put pictures of one kind into one folder, or their labels "
                "into a file of lines 'path,label'",
                Remedy{"eval", {"--labels", "FILE"}, "to read such a file"});
  }
  throw Error(ErrorCode::invalid_argument,
              "all pictures are of one class, '" + names.front() +
                  "'; a representation is judged by telling two or more apart");
}

Judgement judge(MatrixView rows, const Labels& labels, const JudgeOptions& options,
                const Watcher& watcher) {
  require_for_each_row(labels.of.size(), "labels", rows.rows);
  check_classes(labels.names);
  Judgement judgement;
  judgement.seed = options.seed;
  judgement.rows = rows.rows;
  judgement.labeled = static_cast<std::size_t>(
      std::ranges::count_if(labels.of, [](int label) { return label >= 0; }));
  judgement.classes = labels.names;
  judgement.labels = labels.of;
  Protocols protocols(rows, labels, options, watcher);
  for (const Protocol protocol : kProtocols) {
    if (std::ranges::count(options.protocols, protocol) == 0) continue;
    judgement.sections.push_back(protocols.section(protocol));
  }
  protocols.take_rest(judgement);
  return judgement;
}

Judgement judge_factors(MatrixView rows, const measure::FactorTable& factors,
                        const JudgeOptions& options, const Watcher& watcher) {
  watcher.stage("trees and votes");
  const measure::DisentanglementOptions how{.seed = options.seed, .threads = options.threads};
  const measure::Disentanglement found = measure::disentanglement(rows, factors, how, watcher);
  Judgement judgement;
  judgement.seed = options.seed;
  judgement.rows = judgement.labeled = rows.rows;
  judgement.labels.assign(rows.rows, -1);
  Section& section = judgement.sections.emplace_back();
  section.protocol = Protocol::disentangle;
  std::string names;
  for (const std::string& name : found.factors) names += (names.empty() ? "" : ", ") + name;
  section.settings = {{"factors", names},
                      {"test share", shown(how.test_share)},
                      {"seed", std::to_string(how.seed)}};
  for (measure::Measure& measure : found.measures()) {
    section.judged.push_back(sure(std::move(measure)));
  }
  for (const std::string& name : found.constant_factors) {
    section.remarks.push_back("factor '" + name + "' has one value only and is left out");
  }
  if (found.constant_dims > 0) {
    section.remarks.push_back(
        one_or_many(found.constant_dims, " number of a row is", " numbers of a row are") +
        " the same in all rows");
  }
  return judgement;
}

Section judge_damage(MatrixView rows, const Labels& labels, std::span<const std::uint32_t> queries,
                     const CorruptedRows& rows_of, const JudgeOptions& options,
                     const Watcher& watcher) {
  watcher.stage("kinds and strengths of damage");
  const RobustnessJudge judge(rows, queries, labels.of,
                              {.metric = options.metric, .threads = options.threads}, watcher);
  Section section;
  section.protocol = Protocol::damage;
  section.settings = {{"pictures", std::to_string(queries.size())},
                      {"strengths", std::to_string(image::kStrengths)},
                      {"metric", std::string(index::name_of(options.metric))},
                      {"seed", std::to_string(options.seed)}};
  const auto add = [&](measure::Measure measure, const std::string& of) {
    measure.name += of;
    section.judged.push_back(sure(std::move(measure)));
  };
  const auto found = judge_robustness(judge, rows_of, watcher);
  for (const auto which : {&Robustness::kept, &Robustness::found, &Robustness::accuracy}) {
    if ((found.front().robustness.*which).rows.empty()) continue;
    if (which == &Robustness::accuracy) add(judge.clean(watcher).accuracy, ", undamaged");
    for (const image::Corruption corruption : image::kCorruptions) {
      std::vector<measure::Measure> strengths;
      for (const auto& each : found) {
        if (each.corruption == corruption) strengths.push_back(each.robustness.*which);
      }
      const std::string of = ", " + std::string(name_of(corruption));
      add(mean_over(strengths), of);
      for (std::size_t s = 0; s < strengths.size(); ++s) {
        add(strengths[s], of + " " + std::to_string(s + 1));
      }
    }
  }
  return section;
}

std::vector<std::pair<std::string, Judged>> by_class(const measure::Measure& measure,
                                                     const Judgement& judgement) {
  std::vector<std::pair<std::string, Judged>> all;
  auto of_class = by_class(measure, judgement.labels, judgement.classes.size());
  const double design = measure::design_effect(measure);
  for (std::size_t c = 0; c < of_class.size(); ++c) {
    if (of_class[c].values.empty()) continue;
    Judged judged = sure(std::move(of_class[c]));
    judged.interval = measure::interval_of(judged.measure, design);
    all.emplace_back(judgement.classes[c], std::move(judged));
  }
  return all;
}

}  // namespace alike::judge
