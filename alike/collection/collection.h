// A collection: the index of a folder of pictures, kept in `.alike/`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "alike/collection/types.h"

namespace alike::collection {

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
  /// Throws `unsupported` when `folder`, which the user did not name, is a symbolic link: an
  /// untrusted folder of pictures could lead to any collection.
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
