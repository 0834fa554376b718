// Files of the ConvNet Playground: written for a space, and its published scores computed again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/base/progress.h"
#include "alike/collection/collection.h"
#include "alike/judge/playground_replay.h"

namespace alike::actions {

struct PlaygroundOptions {
  std::filesystem::path folder;  ///< Of the files.
  std::filesystem::path labels;  ///< CSV "path,label"; empty: the folders.
  std::string space;             ///< "": the default one.
  std::string dataset;           ///< "": called as the folder of pictures.
  int threads = 1;
};

struct PlaygroundExport {
  std::vector<std::filesystem::path> files{};  ///< Below the folder.
  std::size_t images = 0;
  double score = 0;  ///< The weighted search score, percent.
};

/// Writes the results of a space. Throws `unsupported` for a space of inner product,
/// `invalid_argument` for a name of the dataset with a slash, `interrupted` before any is written.
PlaygroundExport export_playground(const collection::Collection& collection,
                                   const PlaygroundOptions& options, const Watcher& watcher);
json::object to_json(const PlaygroundExport& report);

/// One layer of one model, its published scores computed again.
struct Replayed {
  std::string dataset, model, metric, layer;
  double published = 0;
  judge::Replay replay;
};

/// Computes the scores of the files in `folder` again from their results. Throws `not_found` where
/// there are none, `corrupt` for files that do not fit each other.
std::vector<Replayed> replay_playground(const std::filesystem::path& folder);
json::object to_json(const std::vector<Replayed>& all);

}  // namespace alike::actions
