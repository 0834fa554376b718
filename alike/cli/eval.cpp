// eval: how good a space is, by the classes of its pictures.
#include <algorithm>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/math/sample.h"
#include "alike/base/text.h"
#include "alike/cli/context.h"
#include "alike/cli/damaged_rows.h"
#include "alike/cli/eval_report.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/judge/given.h"
#include "alike/judge/judged_rows.h"
#include "alike/measure/factors/factors.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string space, metric;
  std::vector<std::string> protocols;
  fs::path labels, pairs, profiles, csv, factors, make_factors;
  std::string queries;          // an expression
  std::size_t pictures = 2000;  // made
  std::size_t damaged = 100;
  std::vector<fs::path> out;
  judge::JudgeOptions judge;
};

std::vector<std::string> names_and_all() {
  std::vector<std::string> names;
  for (const auto protocol : judge::kProtocols) names.emplace_back(judge::name_of(protocol));
  names.emplace_back(judge::name_of(judge::Protocol::damage));
  names.emplace_back("all");
  return names;
}

/// Writes the set of pictures whose factors are known.
void make_factors(const Context& context, const Options& options) {
  LongWork line(context, "pictures drawn", "Stopping; what is drawn stays");
  measure::write_pictures(options.make_factors,
                          measure::some_pictures(options.pictures, options.judge.seed), 64,
                          line.watcher());
  line.clear();
  const std::string folder = options.make_factors.native();
  say(context, counted(options.pictures, "picture") + " drawn into " + folder +
                   ", with their factors in factors.csv. Next:\n  alike index " +
                   shell_word(folder) + "\n  alike -C " + shell_word(folder) +
                   " eval --factors factors.csv\n");
  answer(context, json::object{{"folder", json_text(folder)}, {"pictures", options.pictures}});
}

/// The judgement by the factors of the file, of the pictures that it names.
judge::Judgement judge_by_factors(const Options& options, const judge::JudgedRows& judged,
                                  EvalReport& report, const Watcher& watcher) {
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

/// Reads what files and expressions say of the pictures into `options.judge`.
void take_given(const collection::Collection& collection, const judge::JudgedRows& judged,
                Options& options, EvalReport& report) {
  std::vector<std::string> missing;
  if (!options.pairs.empty()) {
    judge::GivenPairs given = judge::read_pairs(options.pairs, judged.paths);
    options.judge.pairs = std::move(given.pairs);
    missing = std::move(given.missing);
  }
  if (!options.profiles.empty()) {
    judge::GivenProfiles given = judge::read_profiles(options.profiles, judged.paths);
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
                "no picture fits --queries '" + printable(options.queries) + "'");
  }
}

/// Sorts out which protocols are asked for; true where damage is among them.
bool choose_protocols(Options& options) {
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

/// Refuses what is given for a protocol that nobody asked for.
void check_given(const Options& options) {
  const auto of = [&](judge::Protocol protocol, std::string_view option, bool given) {
    if (!given || std::ranges::count(options.judge.protocols, protocol) > 0) return;
    const std::string name(judge::name_of(protocol));
    throw Error(ErrorCode::invalid_argument, std::string(option) + " is for " + name +
                                                 ", which is not asked for; add --protocol " +
                                                 name);
  };
  of(judge::Protocol::verify, "--pairs", !options.pairs.empty());
  of(judge::Protocol::recommend, "--profiles", !options.profiles.empty());
  of(judge::Protocol::retrieval, "--queries", !options.queries.empty());
}

void eval(const Context& context, Options options) {
  if (!options.make_factors.empty()) return make_factors(context, options);
  for (const auto& file : options.out) replaced_by(file);  // refuses before the work, not after it
  if (!options.csv.empty()) replaced_by(options.csv);
  const bool damage = choose_protocols(options);
  check_given(options);
  const collection::Collection collection(collection_folder(context));
  const map::SpaceRows rows = map::rows_of(collection, options.space);
  const judge::JudgedRows judged = judge::judged_rows(rows, options.labels);
  EvalReport report;
  report.space = rows.source.space;
  report.encoder = rows.source.encoder;
  report.layer = rows.source.layer;
  report.width = judged.rows.width();
  report.labels = judged.label_source;
  report.paths = judged.paths;
  if (!options.out.empty()) report.pictures = collection.readable_pictures();
  report.remarks.insert(report.remarks.end(), judged.warnings.begin(), judged.warnings.end());
  take_given(collection, judged, options, report);
  options.judge.metric = options.metric.empty() ? rows.metric : index::metric_from(options.metric);
  options.judge.contents = judged.contents;
  options.judge.threads = context.threads;
  LongWork line(context, "rows", "Stopping; the collection stays as it was");
  const Watcher& watcher = line.watcher();
  report.judgement = options.factors.empty()
                         ? judge::judge(judged.rows, judged.labels, options.judge, watcher)
                         : judge_by_factors(options, judged, report, watcher);
  if (damage) {
    report.judgement.sections.push_back(judge_damaged(
        collection, collection.space(rows.source.space), judged.rows, judged.paths, judged.labels,
        some_places(judged.paths.size(), options.damaged, options.judge.seed), options.judge,
        watcher));
  }
  tell_classes(report);
  if (!options.out.empty()) choose_queries(report, judged.rows, options.judge);
  line.clear();
  for (const auto& file : options.out) replace_file(file, eval_page(report));
  if (!options.csv.empty()) replace_file(options.csv, eval_csv(report));
  std::string text = eval_text(report);
  for (const auto& file : options.out) text += "written to " + file.native() + "\n";
  if (!options.csv.empty()) text += "written to " + options.csv.native() + "\n";
  say(context, text);
  answer(context, eval_json(report));
}

constexpr const char* kNotes =
    R"(The class of a picture is its folder, or what --labels says of it. Protocols:
  probe      a linear classifier learns from most pictures and tells the others; also from few
  knn        the k nearest pictures vote
  retrieval  each picture is looked for: are the nearest of its class?
  verify     are two pictures of one class? by a threshold on how alike they are
  identify   whose class is it, from 1 or 5 known pictures of each, and is it a stranger?
  recommend  does half of what a profile likes lead to the other half?
  cluster    k-means without labels, compared with them
  score      the weighted search score of the ConvNet Playground, in percent
  geometry   how the pictures lie: directions used, evenness, hubs, dimension, signs of collapse
  damage     are pictures still found after noise, blur, JPEG, crop, rotation, brightness? Only when
             asked for, since damaged pictures are embedded: 30 times --damaged
Intervals are 95 %, by resampling pictures. docs/evaluate.md says what each measure tells, and which
to trust when. The same pictures, labels and seed give the same numbers.

Examples:
  alike eval
  alike eval --protocol retrieval --protocol knn --out report.html
  alike eval --labels classes.csv --csv numbers.csv
  alike eval --protocol retrieval --queries 'path like "query/%"'
  alike eval --protocol verify --pairs pairs.csv          lines 'path,path,same', same being 1 or 0
  alike eval --protocol recommend --profiles tastes.csv   lines 'profile,path,liked'
  alike eval --protocol damage --damaged 50
  alike eval --space theirs --json
  alike eval --make-factors shapes && alike index shapes && alike -C shapes eval --factors factors.csv)";

/// What to judge, and by what.
std::vector<Option> given_options(Options& options) {
  return {Option("--space", &options.space, "SPACE", "Space to judge; otherwise the default one"),
          Option("--protocol", &options.protocols, one_of(names_and_all()),
                 "How to judge; may be given several times, otherwise all"),
          Option("--labels", &options.labels, "FILE.csv",
                 "Classes of pictures, in lines 'path,label'", {.checks = {existing_file}}),
          Option("--pairs", &options.pairs, "FILE.csv",
                 "Of verify: pairs of pictures, in lines 'path,path,same'; otherwise drawn",
                 {.checks = {existing_file}}),
          Option("--profiles", &options.profiles, "FILE.csv",
                 "Of recommend: tastes, in lines 'profile,path,liked'; otherwise one a class",
                 {.checks = {existing_file}}),
          Option("--queries", &options.queries, "EXPR",
                 "Of retrieval: pictures for which this holds are looked for among the others"),
          Option("--damaged", &options.damaged, "N", "Of damage: how many pictures",
                 {.range = Range{2, 100000}, .shows_default = true}),
          Option("--factors", &options.factors, "FILE.csv",
                 "Judge by the factors that pictures were made from, in lines 'path,value,...'",
                 {.checks = {existing_file},
                  .excludes = {"--protocol", "--labels", "--pairs", "--profiles", "--queries"}}),
          Option("--make-factors", &options.make_factors, "DIR",
                 "Draw pictures of known shape, scale, rotation, place and colour for that"),
          Option("--pictures", &options.pictures, "N", "How many to draw",
                 {.range = Range{100, 55296}, .shows_default = true})};
}

/// How to judge, and what to write.
std::vector<Option> judging_options(Options& options) {
  return {Option("--metric", &options.metric, one_of({"cosine", "l2", "ip"}),
                 "What near means; otherwise as the space has it"),
          Option("--test-share", &options.judge.test_share, "SHARE",
                 "Of each class, what probe and knn are judged by",
                 {.range = Range{0.01, 0.99}, .shows_default = true}),
          Option("--seed", &options.judge.seed, "N", "Another one splits and draws otherwise",
                 {.shows_default = true}),
          Option("--out", &options.out, "FILE.html", "Write a page with bars, classes and queries",
                 {.checks = {named_html, in_existing_folder}}),
          Option("--csv", &options.csv, "FILE.csv", "Write all numbers",
                 {.checks = {in_existing_folder}})};
}

}  // namespace

Verb eval_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {.name = "eval",
          .about = "Judge a space by the classes of its pictures",
          .options = joined({given_options(*options), judging_options(*options)}),
          .notes = kNotes,
          .run = [&context, options] { eval(context, *options); }};
}

}  // namespace alike::cli
