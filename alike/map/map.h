// A finished map: the points of a space's pictures, their trust, and named clusters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/map/map_options.h"

namespace alike::map {

/// The rows that a map was made of. Differs from the present space of that name when it was made
/// anew in another way.
struct MapSource {
  std::string space;
  std::string encoder;  ///< Empty for imported rows.
  std::string model_sha256;
  std::string layer;
  std::string pooling;
  std::string metric;
  std::uint64_t width = 0;           ///< Numbers in a row.
  std::uint64_t pca_dimensions = 0;  ///< 0: none.
  bool whiten = false;

  friend bool operator==(const MapSource&, const MapSource&) = default;
};

/// How well a map shows its rows; all in [0, 1] but the silhouette, larger is better. Nothing where
/// there are too few points or labels to say.
struct MapFigures {
  std::uint64_t k = 0;                    ///< Neighbours that the first three are about.
  std::optional<double> trustworthiness;  ///< Are neighbours on the map neighbours? (Venna, Kaski)
  std::optional<double> continuity;       ///< Are neighbours neighbours on the map?
  std::optional<double> neighbors_kept;   ///< Share of the k nearest that still are.
  std::optional<double> triplets;         ///< Of two rows, is the nearer one nearer on the map?
  std::optional<double> label_accuracy;  ///< k-NN vote of the labels among the rows, leave one out.
  std::optional<double> map_label_accuracy;  ///< The same among the points.
  std::optional<double> silhouette;          ///< Of the labels on the map, [−1, 1].

  friend bool operator==(const MapFigures&, const MapFigures&) = default;
};

/// A crowd of points.
struct MapCluster {
  std::string name;         ///< Its most telling words.
  std::int64_t medoid = 0;  ///< Id of the item in its middle.
  std::uint64_t count = 0;  ///< Points in it.

  friend bool operator==(const MapCluster&, const MapCluster&) = default;
};

/// One row per point, in the order of ascending ids. Of t-SNE and UMAP only nearness means
/// something: neither the axes nor the size of a cluster nor the gap between two do.
struct Map {
  MapSource source;
  MapOptions options;
  std::vector<std::int64_t> ids;       ///< (n) of the items, strictly ascending, not negative.
  std::vector<std::uint64_t> content;  ///< (n) tells that the picture of an id is another now.
  Matrix points;                       ///< (n, 2), finite.
  std::vector<float> trust;            ///< (n) as `Quality::trust`, [0, 1].
  std::vector<float> usual;            ///< (n) mean distance of a row to its neighbours, not
                                       ///< negative (`Habits::usual`).
  std::vector<std::int32_t> cluster;   ///< (n) its place in `clusters`; −1: in none.
  std::vector<MapCluster> clusters;
  /// A new row this many times farther from its neighbours than is usual among them is off the map
  /// (`Habits::most_ratio`).
  double most_ratio = 1.5;
  MapFigures figures;
  std::vector<double> explained;  ///< Of PCA: share of the variance along each axis.
  std::string start;              ///< Start of the points: "spectral", "pca", …
  std::string remark;             ///< A remark on it, such as why no other start; or "".
  std::uint64_t placed = 0;       ///< Points that were put on the finished map later.
  std::int64_t made_ms = 0;       ///< Milliseconds since 1970.

  std::size_t size() const { return ids.size(); }
  /// Place of the point of this item.
  std::optional<std::size_t> find(std::int64_t id) const;
};

}  // namespace alike::map
