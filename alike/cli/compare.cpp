// compare: encoders and layers side by side, on the collection's own pictures.
#include <filesystem>
#include <memory>

#include "alike/actions/compare.h"
#include "alike/base/file.h"
#include "alike/cli/compare_text.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
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
their principal components and the same layers of networks with random weights stand beside: a
layer no better than these has learnt nothing that helps here.
A difference is reported only where its 95 % interval, of the same pictures, leaves 0 out.

Examples:
  alike compare
  alike compare --encoders efficientnet-lite0,efficientnet-lite2 --layers block3,block5,pooled
  alike compare --by 'probe accuracy' --out compare.html --csv compare.csv)";

}  // namespace

Verb compare_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {.name = "compare",
          .about = "Compare encoders and layers on this collection",
          .options =
              {Option("--encoders", &options->compare.encoders, "ENCODER,ENCODER",
                      "Encoders; otherwise that of the default space", {.comma = true}),
               Option("--layers", &options->compare.layers, "LAYER,LAYER",
                      "Layers of each; otherwise all", {.comma = true}),
               Option("--by", &options->compare.by, "MEASURE", "The measure that ranks",
                      {.shows_default = true}),
               Option("--labels", &options->compare.labels, "FILE.csv",
                      "Classes of pictures, in lines 'path,label'", {.checks = {existing_file}}),
               Option("--no-baselines", &options->compare.baselines,
                      "Leave out pixels and random networks, which take as long as the layers do",
                      {.sets = false}),
               Option("--seed", &options->compare.judge.seed, "N",
                      "Another one splits and draws otherwise", {.shows_default = true}),
               Option("--out", &options->out, "FILE.html", "Write a page with bars and intervals",
                      {.checks = {named_html, in_existing_folder}}),
               Option("--csv", &options->csv, "FILE.csv", "Write all numbers",
                      {.checks = {in_existing_folder}})},
          .notes = kNotes,
          .run = [&context, options] { compare(context, *options); }};
}

}  // namespace alike::cli
