// The parts of a collection: items, spaces, maps, and the index of a space.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alike/collection/index_kind.h"
#include "alike/encode/run/encoder.h"
#include "alike/encode/run/transform.h"
#include "alike/index/rows/rows.h"
#include "alike/index/vector_index.h"

namespace alike::collection {

using ItemId = std::int64_t;

/// One picture of the collection, or one imported row.
struct Item {
  ItemId id = 0;                 ///< Stable; never given to another picture.
  std::string path;              ///< Relative to the folder of pictures; any bytes but NUL. May be
                                 ///< empty for an imported row without a name.
  std::uint64_t size = 0;        ///< Of the file, bytes.
  std::int64_t modified_ns = 0;  ///< Of the file, nanoseconds since 1970.
  std::string hash;              ///< XXH3-128 of the file's bytes, 32 hexadecimal digits.
  int width = 0;                 ///< Upright, pixels.
  int height = 0;
  std::string label;          ///< Folder part of `path`: "animals/birds", "" at the top.
  std::int64_t added_ms = 0;  ///< When it became known, milliseconds since 1970.
  /// Of the file's content, name or rights (ctime), nanoseconds since 1970; 0: not known.
  std::int64_t changed_ns = 0;
};

/// A file that was not taken, and why.
struct Skipped {
  std::string path;  ///< As `Item::path`.
  std::string reason;

  friend bool operator==(const Skipped&, const Skipped&) = default;
};

/// One way of embedding: (encoder, layer, pooling, transform, metric).
struct Space {
  std::string name;
  std::string encoder;       ///< Package name; empty for imported rows.
  std::string model_sha256;  ///< Of the model the rows were made with.
  std::string layer;         ///< Short name or tensor name; never empty unless imported.
  encode::Pooling pooling = encode::Pooling::avg;
  std::optional<encode::PcaOptions> pca;
  index::Metric metric = index::Metric::cosine;
  IndexKind index = IndexKind::automatic;  ///< The index requested.
  std::size_t width = 0;                   ///< Numbers in one row as kept (after the transform).
  std::uint64_t rows = 0;                  ///< Items that have a row here.
  std::uint64_t behind = 0;                ///< Items that have none yet; without those that have
                                           ///< only imported rows, unless these are such rows.
  bool filling = false;  ///< Not complete since it was made; it is not the default by itself.
  bool is_default = false;

  /// Whether every picture of the collection can be found here. Imported rows are all there is of
  /// their space.
  bool complete() const { return !filling && (behind == 0 || encoder.empty()); }
};

/// The index of a space. Valid while the pointers live, whatever a writer does.
struct SpaceIndex {
  std::shared_ptr<const index::RowSource> rows;  ///< As `Collection::rows`.
  std::unique_ptr<const index::VectorIndex> index;
  IndexKind kind = IndexKind::flat;  ///< The kind of `index`; never `automatic`.
  /// Rows that it has codes for, dead ones too; 0: all rows are read (`IndexKind::flat`).
  std::uint64_t coded_rows = 0;
  /// Rows in the graph, dead ones too, and the share of the ten nearest that it finds with
  /// default options, as measured; 0 where there is none. Where that is less than the recall that
  /// searches ask for by default, `kind` is flat: they read all rows.
  std::uint64_t linked_rows = 0;
  double measured_recall = 0;
};

/// The changes to the codes and graph of a space.
struct IndexChange {
  std::uint64_t made = 0;     ///< Rows that were coded.
  std::uint64_t linked = 0;   ///< Rows that a graph took in.
  std::uint64_t removed = 0;  ///< Unused files of codes and graphs.

  bool any() const { return made + linked + removed > 0; }
};

/// A map that is kept with the collection (map_store.h).
struct MapEntry {
  std::string name;
  std::string space;  ///< That it shows.

  friend bool operator==(const MapEntry&, const MapEntry&) = default;
};

/// The whole of a collection in numbers.
struct Status {
  std::uint64_t items = 0;
  std::uint64_t skipped = 0;
  std::uint64_t bytes = 0;  ///< Of the collection on disk.
  std::vector<Space> spaces;
  std::vector<MapEntry> maps;
  std::vector<std::string> excludes;  ///< Names and paths that are not indexed.
  std::optional<long> writer;         ///< Process id of the present writer.
};

}  // namespace alike::collection
