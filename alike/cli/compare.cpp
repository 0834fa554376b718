// compare: encoders and layers side by side, on the collection's own pictures.
#include <CLI/CLI.hpp>
#include <filesystem>

#include "alike/actions/compare.h"
#include "alike/base/file.h"
#include "alike/cli/compare_text.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/draw/compare_page.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path csv;
  std::vector<fs::path> out;
  judge::CompareOptions compare;
};

void compare(const Context& context, Options options) {
  for (const auto& file : options.out) replaced_by(file);  // refuses before the work, not after it
  if (!options.csv.empty()) replaced_by(options.csv);
  collection::Collection collection(collection_folder(context));
  for (const auto& name : options.compare.encoders) package_for(context, name);  // fetches it
  options.compare.judge.threads = context.threads;
  LongWork line(context, "pictures", "Stopping; spaces that are filled are kept");
  const Watcher& watcher = line.watcher();
  const auto made = judge::compare(collection, options.compare, watcher);
  line.clear();
  std::string text = compare_text(made);
  for (const auto& file : options.out) {
    replace_file(file, draw::compare_page(made));
    text += "written to " + file.native() + "\n";
  }
  if (!options.csv.empty()) {
    replace_file(options.csv, actions::to_csv(made));
    text += "written to " + options.csv.native() + "\n";
  }
  say(context, text);
  answer(context, actions::to_json(made));
}

constexpr const char* kNotes =
    R"(Each layer of each encoder becomes a space of the collection where it is not one yet (Ctrl-C
stops, the next run goes on), is judged as 'alike eval' judges, and ranked by one measure. Pixels,
their principal components and the same layers of networks with random weights stand beside: what
is not better than they are has learnt nothing that helps here.
A difference is told only where the 95 % interval of the paired bootstrap leaves 0 out.

Examples:
  alike compare
  alike compare --encoders efficientnet-lite0,efficientnet-lite2 --layers block3,block5,pooled
  alike compare --by 'probe accuracy' --out compare.html --csv compare.csv)";

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("compare", "Compare encoders and layers on this collection");
  verb->add_option("--encoders", options->compare.encoders,
                   "Encoders; otherwise that of the default space")
      ->type_name("ENCODER,ENCODER")
      ->delimiter(',');
  verb->add_option("--layers", options->compare.layers, "Layers of each; otherwise all")
      ->type_name("LAYER,LAYER")
      ->delimiter(',');
  verb->add_option("--by", options->compare.by, "The measure that ranks")
      ->type_name("MEASURE")
      ->capture_default_str();
  verb->add_option("--labels", options->compare.labels,
                   "Classes of pictures, in lines 'path,label'")
      ->type_name("FILE.csv")
      ->check(existing_file());
  verb->add_flag("!--no-baselines", options->compare.baselines,
                 "Leave out pixels and random networks, which take as long as the layers do");
  verb->add_option("--seed", options->compare.judge.seed, "Another one splits and draws otherwise")
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--out", options->out, "Write a page with bars and intervals")
      ->type_name("FILE.html")
      ->allow_extra_args(false)
      ->check(named_html())
      ->check(in_existing_folder());
  verb->add_option("--csv", options->csv, "Write all numbers")
      ->type_name("FILE.csv")
      ->check(in_existing_folder());
  verb->footer(kNotes);
  verb->callback([&context, options] { compare(context, *options); });
}

}  // namespace alike::cli
