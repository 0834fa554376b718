// playground: results in the files of the ConvNet Playground, and its own scores again.

#include "alike/actions/playground.h"

#include <memory>
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

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
         printable(each.layer), decimals(each.published, 2), decimals(replay.replayed.value, 2),
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

Option folder_word(actions::PlaygroundOptions& options) {
  return {"DIR", &options.folder, "DIR", "Folder of the files", {.required = true}};
}

}  // namespace

Verb playground_verb(Context& context) {
  auto options = std::make_shared<actions::PlaygroundOptions>();
  return {.name = "playground",
          .about = "Read and write files of the ConvNet Playground",
          .parts = {{.name = "export",
                     .about = "Write the results of a space",
                     .options = {folder_word(*options),
                                 Option("--space", &options->space, "SPACE",
                                        "Space to write; otherwise the default one"),
                                 Option("--labels", &options->labels, "FILE.csv",
                                        "Classes of pictures, in lines 'path,label'",
                                        {.checks = {existing_file}}),
                                 Option("--dataset", &options->dataset, "NAME",
                                        "Name of the pictures; otherwise that of their folder")},
                     .run = [&context, options] { export_files(context, *options); }},
                    {.name = "replay",
                     .about = "Compute its scores again",
                     .options = {folder_word(*options)},
                     .run = [&context, options] { replay_files(context, *options); }}},
          .notes = kNotes};
}

}  // namespace alike::cli
