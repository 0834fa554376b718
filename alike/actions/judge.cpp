#include "alike/actions/judge.h"

#include <algorithm>

#include "alike/actions/damaged_rows.h"
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/base/math/sample.h"
#include "alike/judge/judged_rows.h"
#include "alike/judge/user_files.h"
#include "alike/measure/factors/factors.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::actions {
namespace {

/// The judgement by the factors of the file, of the pictures that it names.
judge::Judgement judge_by_factors(const JudgeOptions& options, const judge::JudgedRows& judged,
                                  JudgeReport& report, const Watcher& watcher) {
  const auto matched = measure::match_factors(measure::read_factors(options.factors), judged.paths);
  report.labels = options.factors.filename().native();
  if (!matched.absent.empty()) {
    report.remarks.push_back(counted(matched.absent.size(), "name") +
                             " of pictures that are not there, such as '" +
                             printable(matched.absent.front()) + "'");
  }
  return judge::judge_factors(measure::rows_at(judged.rows, matched.rows), matched.table,
                              options.judge, watcher);
}

/// Reads labels, pairs and conditions from files and expressions into `options.judge`.
void take_given(const collection::Collection& collection, const judge::JudgedRows& judged,
                JudgeOptions& options, JudgeReport& report) {
  std::vector<std::string> missing;
  if (!options.pairs.empty()) {
    judge::UserPairs given = judge::read_pairs(options.pairs, judged.paths);
    options.judge.pairs = std::move(given.pairs);
    missing = std::move(given.missing);
  }
  if (!options.profiles.empty()) {
    judge::UserProfiles given = judge::read_profiles(options.profiles, judged.paths);
    options.judge.profiles = std::move(given.profiles);
    missing.insert(missing.end(), given.missing.begin(), given.missing.end());
  }
  if (!missing.empty()) {
    report.remarks.push_back(counted(missing.size(), "name") +
                             " of pictures that are not there, such as '" +
                             printable(missing.front()) + "'");
  }
  if (options.queries.empty()) return;
  const auto wanted = collection.matching(options.queries);
  for (std::uint32_t i = 0; i < judged.ids.size(); ++i) {
    if (std::ranges::binary_search(wanted, judged.ids[i])) options.judge.queries.push_back(i);
  }
  if (options.judge.queries.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "no picture fits the condition of queries '" + printable(options.queries) + "'");
  }
}

/// Fills `tables`.
void tell_classes(JudgeReport& report) {
  report.tables.clear();
  for (const judge::Section& section : report.judgement.sections) {
    ClassTable& table = report.tables.emplace_back();
    table.measure = main_measure(section);
    if (table.measure != nullptr) {
      table.classes = judge::by_class(*table.measure, report.judgement);
    }
  }
}

JudgeReport report_of(const map::SpaceRows& rows, const judge::JudgedRows& judged) {
  JudgeReport report;
  report.space = rows.source.space;
  report.encoder = rows.source.encoder;
  report.layer = rows.source.layer;
  report.width = judged.rows.width();
  report.labels = judged.label_source;
  report.paths = judged.paths;
  report.remarks = judged.warnings;
  return report;
}

}  // namespace

bool choose_protocols(JudgeOptions& options) {
  const auto asked = [&](std::string_view name) {
    return std::ranges::count(options.protocols, name) > 0;
  };
  const bool damage = asked(judge::name_of(judge::Protocol::damage));
  if (options.protocols.empty() || asked("all")) return damage;
  options.judge.protocols.clear();
  for (const auto& name : options.protocols) {
    if (name != judge::name_of(judge::Protocol::damage)) {
      options.judge.protocols.push_back(judge::protocol_from(name));
    }
  }
  return damage;
}

JudgeReport judge_space(const collection::Collection& collection, JudgeOptions options,
                        const Watcher& watcher) {
  const bool damage = choose_protocols(options);
  const map::SpaceRows rows = map::rows_of(collection, options.space);
  const judge::JudgedRows judged = judge::judged_rows(rows, options.labels);
  JudgeReport report = report_of(rows, judged);
  if (options.show_queries) report.pictures = collection.readable_pictures();
  take_given(collection, judged, options, report);
  options.judge.metric = options.metric.empty() ? rows.metric : index::metric_from(options.metric);
  options.judge.contents = judged.contents;
  report.judgement = options.factors.empty()
                         ? judge::judge(judged.rows, judged.labels, options.judge, watcher)
                         : judge_by_factors(options, judged, report, watcher);
  if (damage) {
    report.judgement.sections.push_back(judge_damaged(
        collection, collection.space(report.space), judged.rows, judged.paths, judged.labels,
        some_places(judged.paths.size(), options.damaged, options.judge.seed), options.judge,
        watcher));
  }
  tell_classes(report);
  if (options.show_queries) choose_queries(report, judged.rows, options.judge);
  return report;
}

FactorSet make_factors(const std::filesystem::path& folder, std::size_t pictures,
                       std::uint64_t seed, const Watcher& watcher) {
  constexpr int kSide = 64;  // pixels
  measure::write_pictures(folder, measure::some_pictures(pictures, seed), kSide, watcher);
  return {folder, pictures};
}

}  // namespace alike::actions
