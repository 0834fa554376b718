// playground: results in the files of the ConvNet Playground, and its own scores again.
#include <algorithm>
#include <filesystem>
#include <map>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/judge/judged_rows.h"
#include "alike/judge/playground_replay.h"
#include "alike/map/keep/kept_map.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path folder, labels;
  std::string space, dataset;
};

/// What the playground calls a metric.
std::string playground_metric(index::Metric metric) {
  switch (metric) {
    case index::Metric::cosine: return "cosine";
    case index::Metric::l2: return "euclidean";
    case index::Metric::inner_product: break;
  }
  throw Error(ErrorCode::unsupported,
              "the playground has the metrics cosine and l2; this space has ip");
}

/// A layer may be a tensor with slashes in its name.
std::string file_name(std::string name) {
  std::ranges::replace(name, '/', '_');
  return name;
}

void write(const fs::path& file, const std::string& text) {
  make_folders(file.parent_path());
  replace_file(file, std::string_view(text));
}

judge::PlaygroundDataset dataset_of(const judge::JudgedRows& judged, const std::string& name) {
  judge::PlaygroundDataset dataset{name, {}};
  for (const int label : judged.labels.of) {
    dataset.classes.push_back(label < 0 ? ""
                                        : judged.labels.names[static_cast<std::size_t>(label)]);
  }
  return dataset;
}

/// The points of each map of the space whose pictures are those that were judged.
std::vector<std::pair<std::string, std::string>> point_files(
    const collection::Collection& collection, const judge::JudgedRows& judged,
    const std::string& space, const judge::PlaygroundDataset& dataset) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : collection.maps()) {
    if (entry.space != space) continue;
    const map::Map map = map::load_map(collection, entry.name);
    if (map.ids != judged.ids) continue;
    std::vector<judge::PlaygroundPoint> points;
    for (std::size_t i = 0; i < map.size(); ++i) {
      const auto at = map.points.row(i);
      points.push_back({double{at[0]}, double{at[1]}, dataset.classes[i]});
    }
    files.emplace_back(std::string(map::name_of(map.options.method)), text_of(points));
  }
  return files;
}

void export_files(const Context& context, const Options& options) {
  const collection::Collection collection(collection_folder(context));
  const map::SpaceRows rows = map::rows_of(collection, options.space);
  const judge::JudgedRows judged = judge::judged_rows(rows, options.labels);
  const std::string metric = playground_metric(rows.metric);
  const std::string dataset =
      options.dataset.empty() ? collection.pictures().filename().native() : options.dataset;
  const std::string model = rows.source.encoder.empty() ? rows.source.space : rows.source.encoder;
  const std::string layer = rows.source.layer.empty() ? "rows" : file_name(rows.source.layer);
  if (dataset.empty() || file_name(dataset) != dataset) {
    throw Error(ErrorCode::invalid_argument,
                "a dataset cannot be called '" + printable(dataset) + "'; leave slashes out");
  }
  LongWork line(context, "queries", "Stopping; no file is written");
  const measure::PlaygroundOptions how{.metric = rows.metric, .threads = context.threads};
  const auto similarity = judge::playground_similarity(judged.rows, how, line.watcher());
  const auto scores = measure::playground_scores(similarity.rankings(), judged.labels.of);
  line.clear();
  judge::LayerScores of_layer{layer, std::vector<double>(judged.paths.size())};
  for (std::size_t i = 0; i < scores.rows.size(); ++i) {
    of_layer.scores[scores.rows[i]] = scores.values[i];
  }
  const auto classes = dataset_of(judged, dataset);
  std::map<fs::path, std::string> files;
  files["datasetdictionary.json"] = text_of(std::vector{classes});
  files[fs::path("similarity") / dataset / model / metric / (layer + ".json")] =
      text_of(similarity);
  files[fs::path("scores") / dataset / model / (metric + ".json")] =
      text_of(judge::PlaygroundScores{of_layer});
  for (const auto& [method, text] : point_files(collection, judged, rows.source.space, classes)) {
    files[fs::path(method) / dataset / model / (layer + ".json")] = text;
  }
  json::array names;
  std::string told;
  for (const auto& [name, text] : files) {
    write(options.folder / name, text);
    told += "written to " + (options.folder / name).native() + "\n";
    names.push_back(json_text(name.native()));
  }
  say(context, told);
  answer(context, json::object{{"files", std::move(names)},
                               {"images", judged.paths.size()},
                               {"score", scores.value}});
}

/// One layer of one model whose published scores were computed again.
struct Replayed {
  std::string dataset, model, metric, layer;
  double published = 0;
  judge::Replay replay;
};

/// All files called `*.json` below `folder` at `depth` names, sorted.
std::vector<fs::path> files_below(const fs::path& folder, std::ptrdiff_t depth) {
  std::vector<fs::path> files;
  if (!is_folder(folder)) return files;
  for (const auto& path : paths_below(folder)) {
    const fs::path name = path.lexically_relative(folder);
    if (name.extension() == ".json" && std::distance(name.begin(), name.end()) == depth &&
        is_file(path)) {
      files.push_back(name);
    }
  }
  std::ranges::sort(files);
  return files;
}

std::string read(const fs::path& file) { return read_text(file, judge::kMaxPlaygroundBytes); }

void replay_layers(const fs::path& folder, const fs::path& scores,
                   const std::vector<judge::PlaygroundDataset>& datasets,
                   std::vector<Replayed>& to) {
  const std::string dataset = *scores.begin(), model = *std::next(scores.begin()),
                    metric = scores.stem();
  const auto known = std::ranges::find(datasets, dataset, &judge::PlaygroundDataset::name);
  if (known == datasets.end()) {
    throw Error(ErrorCode::corrupt,
                "datasetdictionary.json has no dataset '" + dataset + "', which scores/ has");
  }
  const fs::path file = folder / "scores" / scores;
  for (const auto& layer : judge::playground_scores_from(read(file), file.native())) {
    const fs::path results =
        folder / "similarity" / dataset / model / metric / (layer.layer + ".json");
    const auto similarity = judge::playground_similarity_from(read(results), results.native());
    Replayed each{dataset, model, metric, layer.layer, 0, {}};
    for (const double score : layer.scores) {
      each.published += score / static_cast<double>(layer.scores.size());
    }
    each.replay = judge::replay(similarity, *known, layer.scores);
    to.push_back(std::move(each));
  }
}

void replay_files(const Context& context, const Options& options) {
  const fs::path dictionary = options.folder / "datasetdictionary.json";
  const auto datasets = judge::playground_datasets_from(read(dictionary), dictionary.native());
  std::vector<Replayed> all;
  for (const fs::path& scores : files_below(options.folder / "scores", 3)) {
    replay_layers(options.folder, scores, datasets, all);
  }
  if (all.empty()) {
    throw Error(ErrorCode::not_found, "there is no scores/DATASET/MODEL/METRIC.json in '" +
                                          options.folder.native() + "'");
  }
  std::vector<std::vector<std::string>> rows{
      {"dataset", "model", "metric", "layer", "published", "replayed", "to all digits"}};
  json::array answers;
  const auto number = [](double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return std::string(text);
  };
  for (const Replayed& each : all) {
    const auto& replay = each.replay;
    rows.push_back(
        {printable(each.dataset), printable(each.model), printable(each.metric),
         printable(each.layer), number(each.published), number(replay.replayed.value),
         human_count(replay.same_digits) + " of " + human_count(replay.replayed.values.size())});
    answers.push_back(json::object{{"dataset", json_text(each.dataset)},
                                   {"model", json_text(each.model)},
                                   {"metric", json_text(each.metric)},
                                   {"layer", json_text(each.layer)},
                                   {"published", each.published},
                                   {"replayed", replay.replayed.value},
                                   {"images", replay.replayed.values.size()},
                                   {"same_digits", replay.same_digits},
                                   {"different", replay.different.size()}});
  }
  say(context, columns(rows, "llllrrr"));
  answer(context, json::object{{"replayed", std::move(answers)}});
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

Option folder_word(Options& options) {
  return {"DIR", &options.folder, "DIR", "Folder of the files", {.required = true}};
}

}  // namespace

Verb playground_verb(Context& context) {
  auto options = std::make_shared<Options>();
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
                                        "What the pictures are called; otherwise as their folder")},
                     .run = [&context, options] { export_files(context, *options); }},
                    {.name = "replay",
                     .about = "Compute its scores again",
                     .options = {folder_word(*options)},
                     .run = [&context, options] { replay_files(context, *options); }}},
          .notes = kNotes};
}

}  // namespace alike::cli
