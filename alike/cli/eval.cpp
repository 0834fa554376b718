// eval: how good a space is, by the classes of its pictures.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "alike/actions/judge.h"
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/base/text.h"
#include "alike/cli/context.h"
#include "alike/cli/eval_text.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/draw/eval_page.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  actions::JudgeOptions act;
  fs::path csv, make_factors;
  std::size_t pictures = 2000;  // made
  std::vector<fs::path> out;
};

std::vector<std::string> names_and_all() {
  std::vector<std::string> names;
  for (const auto protocol : judge::kProtocols) names.emplace_back(judge::name_of(protocol));
  names.emplace_back(judge::name_of(judge::Protocol::damage));
  names.emplace_back("all");
  return names;
}

/// Writes the set of pictures of known factors.
void make_factors(const Context& context, const Options& options) {
  LongWork line(context, "pictures drawn", "Stopping; finished pictures stay");
  const auto made = actions::make_factors(options.make_factors, options.pictures,
                                          options.act.judge.seed, line.watcher());
  line.clear();
  const std::string folder = made.folder.native();
  say(context, counted(made.pictures, "picture") + " drawn into " + folder +
                   ", with their factors in factors.csv. Next:\n  alike index " +
                   shell_word(folder) + "\n  alike -C " + shell_word(folder) +
                   " eval --factors factors.csv\n");
  answer(context, actions::to_json(made));
}

/// Refuses options of a protocol that is not requested.
void check_given(const Options& options) {
  actions::JudgeOptions asked = options.act;
  actions::choose_protocols(asked);
  const auto of = [&](judge::Protocol protocol, std::string_view option, bool given) {
    if (!given || std::ranges::count(asked.judge.protocols, protocol) > 0) return;
    const std::string name(judge::name_of(protocol));
    throw Error(ErrorCode::invalid_argument, std::string(option) + " is for " + name +
                                                 ", which is not asked for; add --protocol " +
                                                 name);
  };
  of(judge::Protocol::verify, "--pairs", !asked.pairs.empty());
  of(judge::Protocol::recommend, "--profiles", !asked.profiles.empty());
  of(judge::Protocol::retrieval, "--queries", !asked.queries.empty());
}

void eval(const Context& context, Options options) {
  if (!options.make_factors.empty()) return make_factors(context, options);
  for (const auto& file : options.out) replaced_by(file);  // refuses before the work, not after it
  if (!options.csv.empty()) replaced_by(options.csv);
  check_given(options);
  const collection::Collection collection(collection_folder(context));
  options.act.judge.threads = context.threads;
  options.act.show_queries = !options.out.empty();
  LongWork line(context, "rows", "Stopping; the collection stays as it was");
  const auto report = actions::judge_space(collection, options.act, line.watcher());
  line.clear();
  for (const auto& file : options.out) replace_file(file, draw::eval_page(report));
  if (!options.csv.empty()) replace_file(options.csv, actions::to_csv(report));
  std::string text = eval_text(report);
  for (const auto& file : options.out) text += "written to " + file.native() + "\n";
  if (!options.csv.empty()) text += "written to " + options.csv.native() + "\n";
  say(context, text);
  answer(context, actions::to_json(report));
}

constexpr const char* kNotes =
    R"(The class of a picture is its folder, or its label in --labels. Protocols:
  probe      a linear classifier learns from most pictures and tells the others; also from few
  knn        the k nearest pictures vote
  retrieval  each picture is looked for: are the nearest of its class?
  verify     are two pictures of one class? by a threshold on how alike they are
  identify   which class is it, from 1 or 5 known pictures of each, and is it unknown?
  recommend  does half of the likes of a profile lead to the other half?
  cluster    k-means without labels, compared with them
  score      the weighted search score of the ConvNet Playground, in percent
  geometry   how the pictures lie: directions used, evenness, hubs, dimension, signs of collapse
  damage     are pictures still found after noise, blur, JPEG, crop, rotation, brightness? Only when
             asked for, since damaged pictures are embedded: 30 times --damaged
Intervals are 95 %, of as many other pictures. docs/evaluate.md explains each measure, and which
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

/// The space to judge, and the data to judge it by.
std::vector<Option> given_options(Options& options) {
  return {
      Option("--space", &options.act.space, "SPACE", "Space to judge; otherwise the default one"),
      Option("--protocol", &options.act.protocols, one_of(names_and_all()),
             "How to judge; may be given several times, otherwise all"),
      Option("--labels", &options.act.labels, "FILE.csv",
             "Classes of pictures, in lines 'path,label'", {.checks = {existing_file}}),
      Option("--pairs", &options.act.pairs, "FILE.csv",
             "Of verify: pairs of pictures, in lines 'path,path,same'; otherwise drawn",
             {.checks = {existing_file}}),
      Option("--profiles", &options.act.profiles, "FILE.csv",
             "Of recommend: tastes, in lines 'profile,path,liked'; otherwise one a class",
             {.checks = {existing_file}}),
      Option("--queries", &options.act.queries, "EXPR",
             "Of retrieval: pictures for which this holds are looked for among the others"),
      Option("--damaged", &options.act.damaged, "N", "Of damage: how many pictures",
             {.range = Range{2, 100000}, .shows_default = true}),
      Option("--factors", &options.act.factors, "FILE.csv",
             "Judge by the factors that pictures were made from, in lines 'path,value,...'",
             {.checks = {existing_file},
              .excludes = {"--protocol", "--labels", "--pairs", "--profiles", "--queries"}}),
      Option("--make-factors", &options.make_factors, "DIR",
             "Draw pictures of known shape, scale, rotation, place and colour for that"),
      Option("--pictures", &options.pictures, "N", "How many to draw",
             {.range = Range{100, 55296}, .shows_default = true})};
}

/// How to judge, and the files to write.
std::vector<Option> judging_options(Options& options) {
  return {Option("--metric", &options.act.metric, one_of({"cosine", "l2", "ip"}),
                 "Measure of distance; otherwise that of the space"),
          Option("--test-share", &options.act.judge.test_share, "SHARE",
                 "Of each class, for judging probe and knn",
                 {.range = Range{0.01, 0.99}, .shows_default = true}),
          Option("--seed", &options.act.judge.seed, "N", "Another one splits and draws otherwise",
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
