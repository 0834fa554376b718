#include "alike/actions/playground.h"

#include <algorithm>
#include <map>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/base/paths.h"
#include "alike/judge/judged_rows.h"
#include "alike/map/keep/kept_map.h"

namespace alike::actions {
namespace {

namespace fs = std::filesystem;

/// The playground's name of a metric.
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

/// The points of each map of the space with exactly the judged pictures.
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

}  // namespace

PlaygroundExport export_playground(const collection::Collection& collection,
                                   const PlaygroundOptions& options, const Watcher& watcher) {
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
  const measure::PlaygroundOptions how{.metric = rows.metric, .threads = options.threads};
  const auto similarity = judge::playground_similarity(judged.rows, how, watcher);
  const auto scores = measure::playground_scores(similarity.rankings(), judged.labels.of);
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
  PlaygroundExport report{.images = judged.paths.size(), .score = scores.value};
  for (const auto& [name, text] : files) {
    write(options.folder / name, text);
    report.files.push_back(name);
  }
  return report;
}

std::vector<Replayed> replay_playground(const std::filesystem::path& folder) {
  const fs::path dictionary = folder / "datasetdictionary.json";
  const auto datasets = judge::playground_datasets_from(read(dictionary), dictionary.native());
  std::vector<Replayed> all;
  for (const fs::path& scores : files_below(folder / "scores", 3)) {
    replay_layers(folder, scores, datasets, all);
  }
  if (all.empty()) {
    throw Error(ErrorCode::not_found,
                "there is no scores/DATASET/MODEL/METRIC.json in '" + folder.native() + "'");
  }
  return all;
}

json::object to_json(const PlaygroundExport& report) {
  json::array files;
  for (const auto& file : report.files) files.push_back(json_text(file.native()));
  return {{"files", std::move(files)}, {"images", report.images}, {"score", report.score}};
}

json::object to_json(const std::vector<Replayed>& all) {
  json::array answers;
  for (const Replayed& each : all) {
    answers.push_back(json::object{{"dataset", json_text(each.dataset)},
                                   {"model", json_text(each.model)},
                                   {"metric", json_text(each.metric)},
                                   {"layer", json_text(each.layer)},
                                   {"published", each.published},
                                   {"replayed", each.replay.replayed.value},
                                   {"images", each.replay.replayed.values.size()},
                                   {"same_digits", each.replay.same_digits},
                                   {"different", each.replay.different.size()}});
  }
  return {{"replayed", std::move(answers)}};
}

}  // namespace alike::actions
