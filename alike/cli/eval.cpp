// eval: how good a space is, by the classes of its pictures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "alike/actions/judge.h"
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/base/text.h"
#include "alike/cli/context.h"
#include "alike/cli/eval_text.h"
#include "alike/cli/options.h"
#include "alike/draw/eval_page.h"
#include "alike/measure/factors/factors.h"

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

/// Writes the set of pictures whose factors are known.
void make_factors(const Context& context, const Options& options) {
  LongWork line(context, "pictures drawn", "Stopping; what is drawn stays");
  measure::write_pictures(options.make_factors,
                          measure::some_pictures(options.pictures, options.act.judge.seed), 64,
                          line.watcher());
  line.clear();
  const std::string folder = options.make_factors.native();
  say(context, counted(options.pictures, "picture") + " drawn into " + folder +
                   ", with their factors in factors.csv. Next:\n  alike index " +
                   shell_word(folder) + "\n  alike -C " + shell_word(folder) +
                   " eval --factors factors.csv\n");
  answer(context, json::object{{"folder", json_text(folder)}, {"pictures", options.pictures}});
}

/// Refuses what is given for a protocol that nobody asked for.
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

}  // namespace

void add_eval(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("eval", "Judge a space by the classes of its pictures");
  verb->add_option("--space", options->act.space, "Space to judge; otherwise the default one")
      ->type_name("SPACE");
  one_of(verb->add_option("--protocol", options->act.protocols,
                          "How to judge; may be given several times, otherwise all")
             ->allow_extra_args(false),
         names_and_all());
  verb->add_option("--labels", options->act.labels, "Classes of pictures, in lines 'path,label'")
      ->type_name("FILE.csv")
      ->check(existing_file());
  verb->add_option("--pairs", options->act.pairs,
                   "Of verify: pairs of pictures, in lines 'path,path,same'; otherwise drawn")
      ->type_name("FILE.csv")
      ->check(existing_file());
  verb->add_option("--profiles", options->act.profiles,
                   "Of recommend: tastes, in lines 'profile,path,liked'; otherwise one a class")
      ->type_name("FILE.csv")
      ->check(existing_file());
  verb->add_option("--queries", options->act.queries,
                   "Of retrieval: pictures for which this holds are looked for among the others")
      ->type_name("EXPR");
  verb->add_option("--damaged", options->act.damaged, "Of damage: how many pictures")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{2}, std::size_t{100000}).description(""))
      ->capture_default_str();
  CLI::Option* factors =
      verb->add_option(
              "--factors", options->act.factors,
              "Judge by the factors that pictures were made from, in lines 'path,value,...'")
          ->type_name("FILE.csv")
          ->check(existing_file());
  for (const char* other : {"--protocol", "--labels", "--pairs", "--profiles", "--queries"}) {
    factors->excludes(verb->get_option(other));
  }
  verb->add_option("--make-factors", options->make_factors,
                   "Draw pictures of known shape, scale, rotation, place and colour for that")
      ->type_name("DIR");
  verb->add_option("--pictures", options->pictures, "How many to draw")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{100}, std::size_t{55296}).description(""))
      ->capture_default_str();
  one_of(verb->add_option("--metric", options->act.metric,
                          "What near means; otherwise as the space has it"),
         {"cosine", "l2", "ip"});
  verb->add_option("--test-share", options->act.judge.test_share,
                   "Of each class, what probe and knn are judged by")
      ->type_name("SHARE")
      ->check(CLI::Range(0.01, 0.99).description(""))
      ->capture_default_str();
  verb->add_option("--seed", options->act.judge.seed, "Another one splits and draws otherwise")
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--out", options->out, "Write a page with bars, classes and queries")
      ->type_name("FILE.html")
      ->allow_extra_args(false)
      ->check(named_html())
      ->check(in_existing_folder());
  verb->add_option("--csv", options->csv, "Write all numbers")
      ->type_name("FILE.csv")
      ->check(in_existing_folder());
  verb->footer(kNotes);
  verb->callback([&context, options] { eval(context, *options); });
}

}  // namespace alike::cli
