// The JSON files that the ConvNet Playground keeps its results in, from strangers and for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alike/evaluate/measure.h"
#include "alike/evaluate/playground_score.h"

namespace alike::evaluate {

/// No file of it is larger (its largest has 3.3 MB), nor names more images or layers than this.
inline constexpr std::uint64_t kMaxPlaygroundBytes = 64 << 20;
inline constexpr std::size_t kMaxPlaygroundImages = 100'000;

/// One result of a similarity file.
struct PlaygroundNeighbor {
  std::uint32_t image = 0;
  double value = 0;  ///< Similarity (cosine) or distance (euclidean), three decimals.
};

/// similarity/<dataset>/<model>/<metric>/<layer>.json: an object of "<image>": list of
/// ["<image>", "<value>"], 16 of them, nearest first and the image itself among them. Numbers are
/// strings. Images are numbered from 0 without gaps.
struct PlaygroundSimilarity {
  std::vector<std::vector<PlaygroundNeighbor>> of;  ///< (images)

  /// Places only, as `playground_scores` takes them.
  std::vector<std::vector<std::uint32_t>> rankings() const;
};

/// umap/<dataset>/<model>/<layer>.json: an array of {"x": …, "y": …, "class": "…"}, by image.
struct PlaygroundPoint {
  double x = 0, y = 0;
  std::string class_name;
};

/// The scores of all images under one layer, in percent.
struct LayerScores {
  std::string layer;
  std::vector<double> scores;  ///< (images)
};

/// scores/<dataset>/<model>/<metric>.json: an object of "<layer>": list of scores. `modelscores`
/// nests the same under dataset, model and metric.
using PlaygroundScores = std::vector<LayerScores>;

/// One list of modelscores.json.
struct ModelScores {
  std::string dataset, model, metric;
  PlaygroundScores layers;
};

/// The classes of one dataset in datasetdictionary.json, which is {"dictionary": {"<dataset>":
/// {"<image>": "<class>"}}, "classlist": {"<dataset>": ["<class>", …]}}.
struct PlaygroundDataset {
  std::string name;
  std::vector<std::string> classes;  ///< (images) class by image.
};

/// Each reads one kind of file. `what` names the file in errors. Throws `corrupt` for what is no
/// such file: other JSON, gaps among the images, a result that is no image, a number that is none;
/// `unsupported` beyond `kMaxPlaygroundBytes` and `kMaxPlaygroundImages`. What they return holds
/// finite numbers only.
PlaygroundSimilarity playground_similarity_from(std::string_view text, std::string_view what);
std::vector<PlaygroundPoint> playground_points_from(std::string_view text, std::string_view what);
PlaygroundScores playground_scores_from(std::string_view text, std::string_view what);
std::vector<ModelScores> playground_model_scores_from(std::string_view text, std::string_view what);
std::vector<PlaygroundDataset> playground_datasets_from(std::string_view text,
                                                        std::string_view what);

/// Each writes what its twin above reads, the same bytes for the same values.
std::string text_of(const PlaygroundSimilarity& similarity);
std::string text_of(std::span<const PlaygroundPoint> points);
std::string text_of(const PlaygroundScores& scores);
std::string text_of(std::span<const ModelScores> scores);
std::string text_of(std::span<const PlaygroundDataset> datasets);

/// A recomputed score that is not the published one.
struct ScoreDifference {
  std::uint32_t image = 0;
  double published = 0, replayed = 0;
};

/// How the published scores of a layer compare with those of its similarity file.
struct Replay {
  Measure replayed;             ///< Of each image whose class is known.
  std::size_t same_digits = 0;  ///< Images whose score is the same double: all printed digits.
  std::vector<ScoreDifference> different;  ///< By more than rounding, 1e-9.

  /// Is every published score met to the last digit?
  bool exact() const { return same_digits == replayed.values.size(); }
};

/// Recomputes the scores of a layer from its results and the classes of its images, and compares.
/// Throws `invalid_argument` where the three are not of as many images.
Replay replay(const PlaygroundSimilarity& similarity, const PlaygroundDataset& dataset,
              std::span<const double> published, std::size_t k = kPlaygroundResults);

}  // namespace alike::evaluate
