// playground: results in the files of the ConvNet Playground, and its own scores again.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "alike/actions/playground.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"

namespace alike::cli {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

void export_files(const Context& context, actions::PlaygroundOptions options) {
  const collection::Collection collection(collection_folder(context));
  options.threads = context.threads;
  LongWork line(context, "queries", "Stopping; no file is written");
  const auto report = actions::export_playground(collection, options, line.watcher());
  line.clear();
  std::string told;
  for (const auto& file : report.files) {
    told += "written to " + (options.folder / file).native() + "\n";
  }
  say(context, told);
  answer(context, actions::to_json(report));
}

void replay_files(const Context& context, const actions::PlaygroundOptions& options) {
  const auto all = actions::replay_playground(options.folder);
  std::vector<std::vector<std::string>> rows{
      {"dataset", "model", "metric", "layer", "published", "replayed", "to all digits"}};
  for (const auto& each : all) {
    const auto& replay = each.replay;
    rows.push_back(
        {printable(each.dataset), printable(each.model), printable(each.metric),
         printable(each.layer), number(each.published), number(replay.replayed.value),
         human_count(replay.same_digits) + " of " + human_count(replay.replayed.values.size())});
  }
  say(context, columns(rows, "llllrrr"));
  answer(context, actions::to_json(all));
}

constexpr const char* kNotes =
    R"(The ConvNet Playground (Cloudera Fast Forward, 2019) keeps its results as
  datasetdictionary.json                        the class of each image
  similarity/DATASET/MODEL/METRIC/LAYER.json    the 16 nearest of each image, itself among them
  scores/DATASET/MODEL/METRIC.json              the weighted search score of each image, by layer
  umap/DATASET/MODEL/LAYER.json                 the points of a map
'export' writes them for a space of the collection, maps where there are some; 'replay' computes
the scores of such a folder again from its results and says how many are the same to all digits.

Examples:
  alike playground export published
  alike playground replay published)";

void add_folder(CLI::App& verb, actions::PlaygroundOptions& options) {
  verb.add_option("DIR", options.folder, "Folder of the files")->type_name("DIR")->required();
}

}  // namespace

void add_playground(CLI::App& app, Context& context) {
  auto options = std::make_shared<actions::PlaygroundOptions>();
  CLI::App* verb =
      app.add_subcommand("playground", "Read and write files of the ConvNet Playground");
  verb->require_subcommand(1);
  CLI::App* out = verb->add_subcommand("export", "Write the results of a space");
  add_folder(*out, *options);
  out->add_option("--space", options->space, "Space to write; otherwise the default one")
      ->type_name("SPACE");
  out->add_option("--labels", options->labels, "Classes of pictures, in lines 'path,label'")
      ->type_name("FILE.csv")
      ->check(existing_file());
  out->add_option("--dataset", options->dataset,
                  "What the pictures are called; otherwise as their folder")
      ->type_name("NAME");
  out->callback([&context, options] { export_files(context, *options); });
  CLI::App* again = verb->add_subcommand("replay", "Compute its scores again");
  add_folder(*again, *options);
  again->callback([&context, options] { replay_files(context, *options); });
  verb->footer(kNotes);
}

}  // namespace alike::cli
