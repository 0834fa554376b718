// The JSON files of results of the ConvNet Playground: untrusted ones read, own ones written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alike::judge {

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

  /// Images only, as `playground_scores` takes them.
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

/// Each reads one kind of file. `what` names the file in errors. Throws `corrupt` for another
/// file: other JSON, gaps among the images, a result that is no image, a number that is none;
/// `unsupported` beyond `kMaxPlaygroundBytes` and `kMaxPlaygroundImages`. All numbers returned are
/// finite.
PlaygroundSimilarity playground_similarity_from(std::string_view text, std::string_view what);
std::vector<PlaygroundPoint> playground_points_from(std::string_view text, std::string_view what);
PlaygroundScores playground_scores_from(std::string_view text, std::string_view what);
std::vector<ModelScores> playground_model_scores_from(std::string_view text, std::string_view what);
std::vector<PlaygroundDataset> playground_datasets_from(std::string_view text,
                                                        std::string_view what);

/// Each writes the file that its twin above reads, the same bytes for the same values.
std::string text_of(const PlaygroundSimilarity& similarity);
std::string text_of(std::span<const PlaygroundPoint> points);
std::string text_of(const PlaygroundScores& scores);
std::string text_of(std::span<const ModelScores> scores);
std::string text_of(std::span<const PlaygroundDataset> datasets);

}  // namespace alike::judge
