// A collection: what is known about a folder of pictures, kept in `.alike/`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "alike/collection/index_kind.h"
#include "alike/encode/encoder.h"
#include "alike/encode/transform.h"
#include "alike/index/flat.h"

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
};

/// A file that was not taken, and why.
struct Skipped {
  std::string path;  ///< As `Item::path`.
  std::string reason;
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
  IndexKind index = IndexKind::automatic;  ///< Which index is wanted.
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

/// What answers queries on a space. Valid while the pointers live, whatever a writer does.
struct SpaceIndex {
  std::shared_ptr<const index::RowSource> rows;  ///< As `Collection::rows`.
  std::unique_ptr<const index::VectorIndex> index;
  IndexKind kind = IndexKind::flat;  ///< What `index` is; never `automatic`.
  /// Rows that it has codes for, dead ones too; 0: all rows are read (`IndexKind::flat`).
  std::uint64_t coded_rows = 0;
  /// Rows in the graph, dead ones too, and the share of the ten nearest that it was measured to
  /// find when it is asked for no other; 0 where there is none.
  std::uint64_t linked_rows = 0;
  double measured_recall = 0;
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
  std::optional<long> writer;  ///< Process id of who writes now.
};

class Readers;

/// Reads a collection. Many may be open at once, in many processes, while one process writes; each
/// call sees one committed state, and a `View` (view.h) one for all of an answer. Calls on one
/// object are safe from several threads.
class Collection {
 public:
  /// Makes an empty collection in `folder` for the pictures under `pictures`. Throws
  /// `invalid_argument` when there is one, `io` with the way out (`--collection`) when the folder
  /// cannot be written.
  static Collection create(const std::filesystem::path& pictures,
                           const std::filesystem::path& folder);
  /// The nearest `.alike` in `start` or a folder above it. Throws as `refuse_linked`.
  static std::optional<std::filesystem::path> find(const std::filesystem::path& start);
  /// Throws `unsupported` when `folder`, which nobody named, is a symbolic link: a folder of
  /// pictures from somebody else could lead to any collection.
  static void refuse_linked(const std::filesystem::path& folder);
  /// Opens `folder` (the `.alike` itself). Throws `not_found`, `corrupt` naming file, offset and
  /// the command that repairs, `unsupported` for a newer format.
  explicit Collection(const std::filesystem::path& folder);
  Collection(Collection&&) noexcept;
  Collection& operator=(Collection&&) noexcept;
  ~Collection();

  /// Where the collection lies, absolute.
  const std::filesystem::path& folder() const;
  /// The folder of pictures that item paths are relative to, as the catalog names it. To read
  /// pictures, `readable_pictures` or `picture_file`.
  const std::filesystem::path& pictures() const;
  /// The same, for reading. Throws `UntrustedPictures` (trust.h) where it lies outside the folder
  /// that the collection is in, and this user has not made or allowed that.
  const std::filesystem::path& readable_pictures() const;
  /// The file of an item, below `readable_pictures`. Throws as that, `not_found` for a row without
  /// a picture, `corrupt` for a path that is absolute, too long or leads out.
  std::filesystem::path picture_file(const Item& item) const;

  /// All spaces in the order they were made.
  std::vector<Space> spaces() const;
  /// The space called `name`, the default one for "". Throws `not_found` with the nearest names.
  Space space(const std::string& name = {}) const;
  /// Makes `name` the default. Takes the writer lock. Throws `invalid_argument` for a space that is
  /// not complete since it was made.
  void set_default_space(const std::string& name);
  /// Forgets a space, its rows and its maps. The default one cannot go. Takes the writer lock.
  void remove_space(const std::string& name);

  /// The maps that are kept, by name.
  std::vector<MapEntry> maps() const;

  /// The item with this id, or of this path as `Item::path`.
  std::optional<Item> item(ItemId id) const;
  std::optional<Item> item_at(const std::string& path) const;
  /// The items with these ids, in that order; ids that are gone are left out.
  std::vector<Item> items(std::span<const ItemId> ids) const;
  /// The ids, ascending, of the items for which `expression` holds (see filter.h).
  std::vector<ItemId> matching(const std::string& expression) const;
  /// The labels there are and how many items have each, by label.
  std::vector<std::pair<std::string, std::uint64_t>> labels() const;
  /// The files that the last runs did not take, by path.
  std::vector<Skipped> skipped() const;
  /// Counts items and looks at every file of the collection.
  Status status() const;

  /// The rows of a space as of now, mapped; valid while the pointer lives, whatever a writer does.
  /// Rows are L2-normalised when the metric is cosine. Blocks are checked when first read.
  std::shared_ptr<const index::RowSource> rows(const std::string& space = {}) const;
  /// The index that answers: a graph or codes that at least half of the rows are in, else a scan of
  /// all. Never waits for one to be made.
  SpaceIndex index(const std::string& space = {}) const;
  /// One row, checked; nullopt when the item has none in this space.
  std::optional<std::vector<float>> row(ItemId id, const std::string& space = {}) const;
  /// The fitted transform of a space that has one.
  std::optional<encode::Pca> pca(const std::string& space = {}) const;

 private:
  friend class View;
  const std::shared_ptr<Readers>& readers() const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::collection
