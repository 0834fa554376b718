// The catalog of items, spaces and segments, as calls instead of SQL.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alike/collection/catalog/database.h"
#include "alike/collection/catalog/lock.h"
#include "alike/collection/types.h"

namespace alike::collection {

/// A file of rows, as far as it counts.
struct SegmentEntry {
  std::int64_t number = 0;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
};

/// Where the row of an item is.
struct RowPlace {
  std::int64_t segment = 0;
  std::uint64_t row = 0;  ///< From the start of the segment.
};

/// Typed access to `catalog.db`. One thread at a time. Spaces are named by their key here, which,
/// unlike the name, is never used again. The functions that change something belong in a
/// transaction.
class Catalog {
 public:
  /// Opens the catalog in `folder`. Throws as `Database`, `unsupported` for a newer format, and
  /// `corrupt` where its tables are not those that `create` makes.
  Catalog(const std::filesystem::path& folder, Database::Mode mode);
  /// Makes a catalog without items; `pictures` is empty when they lie in the folder above.
  static void create(const std::filesystem::path& folder, const std::string& pictures);

  Database& database() { return database_; }
  /// Keeps writers out until the catalog is closed.
  void hold(WriterBarrier barrier) { barrier_ = std::move(barrier); }
  /// Of the file: 1 to `kCatalogVersion`.
  std::int64_t version() const { return version_; }
  /// Whether the file is of the version that this program writes. One that is not can be read.
  bool is_current() const;
  /// Makes it one, before anything else is written. Within a transaction.
  void migrate();
  /// Whether another process has done that since this was opened, so that it can no longer be read.
  bool was_migrated();
  /// Gives back the space of removed rows; not within a transaction.
  void pack();

  /// "" for a setting that was never made.
  std::string setting(const std::string& key);
  void set_setting(const std::string& key, const std::string& value);

  /// All spaces in the order they were made.
  std::vector<Space> spaces();
  /// The space called `name`, the default one for "". Throws `not_found` with the nearest names.
  Space space(const std::string& name);
  /// Throws the `not_found` of `space` for a name that is not among `all`.
  [[noreturn]] void refuse_space(const std::string& name, const std::vector<Space>& all) const;
  /// Key and name of a space. Throws `not_found`.
  std::int64_t key_of(const std::string& space);
  std::string name_of(std::int64_t key);
  /// Makes the space and returns its key; the first one becomes the default.
  std::int64_t add_space(const Space& space);
  /// Forgets a space and where its rows are; the files stay.
  void remove_space(std::int64_t key);
  void set_filling(std::int64_t key, bool filling);
  void set_index(std::int64_t key, IndexKind index);
  /// How often the files of codes and graph of a space were made, and that they are others now.
  std::int64_t index_changes(std::int64_t key);
  void add_index_change(std::int64_t key);
  /// The hash of the encoder that gives the rows of the space; "" where it is not known.
  std::string package_hash(std::int64_t key);
  void set_package_hash(std::int64_t key, const std::string& hash);
  /// The maps that count, by name.
  std::vector<MapEntry> maps();
  /// The map of this name counts from now on, as one of that space, or no longer does. `sums`: of
  /// the files that are this map, apart by spaces.
  void set_map(const std::string& name, std::int64_t space, const std::string& sums);
  void set_map_sums(const std::string& name, const std::string& sums);
  void remove_map(const std::string& name);
  /// "" for a map that is not there, or was kept before files had sums.
  std::string map_sums(const std::string& name);
  /// The fitted transform of a space, as `encode::Pca::bytes`; "" when it has none.
  std::string transform(std::int64_t key);
  void set_transform(std::int64_t key, std::string_view bytes);

  std::uint64_t item_count();
  /// The item with this id, or of this path; nullopt when there is none.
  std::optional<Item> item(ItemId id);
  std::optional<Item> item_at(std::string_view path);
  /// The items with these ids, in that order, without those that are gone.
  std::vector<Item> items(std::span<const ItemId> ids);
  /// Calls `take` with every item, by id.
  template <class Take>
  void each_item(const Take& take);
  /// The first id that was never given to an item.
  ItemId next_id();
  void set_next_id(ItemId id);
  /// Keeps a new item under its id, which must be below the next one set.
  void add_item(const Item& item);
  void update_item(const Item& item);
  /// Keeps the `Item::changed_ns` of an item.
  void set_changed(ItemId id, std::int64_t changed_ns);
  /// Forgets an item; its rows in all spaces are dead then.
  void remove_item(ItemId id);
  /// Makes all rows of an item dead, in `space` only, or in all spaces.
  void drop_rows(ItemId id, std::optional<std::int64_t> space = std::nullopt);

  /// Where the row of an item lies, or of each of several; nullopt when it has none.
  std::optional<RowPlace> row_place(std::int64_t space, ItemId id);
  std::vector<std::optional<RowPlace>> row_places(std::int64_t space, std::span<const ItemId> ids);
  void add_row(std::int64_t space, ItemId id, const RowPlace& place);
  /// The row of an item lies at another place now.
  void move_row(std::int64_t space, ItemId id, const RowPlace& place);
  /// Forgets all rows in a segment that is to go; returns how many there were.
  std::uint64_t forget_rows(std::int64_t space, std::int64_t segment);
  /// Items with a row in `space`, ascending.
  std::vector<ItemId> items_with_row(std::int64_t space);
  /// The segments of a space by number, as far as they count.
  std::vector<SegmentEntry> segments(std::int64_t space);
  void set_segment(std::int64_t space, const SegmentEntry& segment);
  void remove_segment(std::int64_t space, std::int64_t number);
  /// The number of the next segment of a space: none that a space of its name has had, so that
  /// readers of an older version find no other rows under a name that they know.
  std::int64_t next_segment(std::int64_t space);
  /// Rows of a segment that no longer count, ascending.
  std::vector<std::uint64_t> dead_rows(std::int64_t space, std::int64_t segment);

  /// Files that were not taken, by path.
  std::vector<Skipped> skipped();
  void set_skipped(const Skipped& skipped);
  void clear_skipped(std::string_view path);

  /// Folders, as `Item::path`, that were on another device than the folder above, by path; the
  /// first thousand.
  std::vector<std::string> mounts();
  /// These instead of all that there are.
  void set_mounts(const std::vector<std::string>& paths);
  /// Patterns that are not indexed (excludes.h), the first thousand, as the catalog has them.
  std::vector<std::string> excludes();
  /// These, each once, instead of all that there are.
  void set_excludes(const std::vector<std::string>& globs);

 private:
  /// The first column of all rows.
  std::vector<std::string> texts(const char* sql);
  /// Items that came with imported rows and have no picture that was ever read.
  std::uint64_t imported_count();
  static Item read_item(const Statement& statement);
  /// Segments of a space are about to go, and their numbers with them.
  void keep_next_segment(std::int64_t space);
  /// A statement that is used over and over, for statements that only change something.
  Statement& kept(const char* sql);

  std::optional<WriterBarrier> barrier_;  // outlives the connection
  Database database_;
  std::int64_t version_ = 0;
  std::filesystem::path folder_;
  std::map<const char*, Statement> kept_;
};

/// The catalog in `folder` for reading, also where the disk is full or nothing may be written. One
/// that is read as it is (`Database::Mode::immutable`) keeps writers out while it is open: it is to
/// be closed after one answer. Throws as `Catalog`, `busy` where a writer is at work that cannot be
/// read beside, and `io` where changes lie beside the catalog that cannot be read without writing.
std::unique_ptr<Catalog> open_catalog(const std::filesystem::path& folder);

template <class Take>
void Catalog::each_item(const Take& take) {
  auto statement = database_.prepare(
      "SELECT id, path, size, modified_ns, hash, width, height, label, added_ms, changed_ns "
      "FROM items ORDER BY id");
  while (statement.step()) take(read_item(statement));
}

}  // namespace alike::collection
