#include "alike/collection/catalog.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"

namespace alike::collection {
namespace {

constexpr std::int64_t kVersion = 1;

constexpr const char* kSchema = R"(
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE items(
  id INTEGER PRIMARY KEY, path BLOB UNIQUE, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
  hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, label BLOB NOT NULL,
  added_ms INTEGER NOT NULL) STRICT;
CREATE TABLE skipped(path BLOB PRIMARY KEY, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE spaces(
  key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, encoder TEXT NOT NULL,
  model_sha256 TEXT NOT NULL, layer TEXT NOT NULL, pooling TEXT NOT NULL,
  pca_dimensions INTEGER, pca_whiten INTEGER, metric TEXT NOT NULL, width INTEGER NOT NULL,
  filling INTEGER NOT NULL) STRICT;
CREATE TABLE transforms(space INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE segments(
  space INTEGER NOT NULL, number INTEGER NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL,
  PRIMARY KEY(space, number)) STRICT, WITHOUT ROWID;
CREATE TABLE rows(
  space INTEGER NOT NULL, item INTEGER NOT NULL, segment INTEGER NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY(space, item)) STRICT, WITHOUT ROWID;
CREATE TABLE dead(
  space INTEGER NOT NULL, segment INTEGER NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY(space, segment, row)) STRICT, WITHOUT ROWID;
)";

constexpr const char* kSelectItem =
    "SELECT id, path, size, modified_ns, hash, width, height, label, added_ms FROM items ";

Space read_space(const Statement& row, const std::string& default_name, std::uint64_t items) {
  Space space;
  space.name = row.text(0);
  space.encoder = row.text(1);
  space.model_sha256 = row.text(2);
  space.layer = row.text(3);
  try {
    space.pooling = encode::pooling_from(row.text(4));
    space.metric = index::metric_from(row.text(7));
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt, "space '" + valid_utf8(space.name) + "' in the catalog: " +
                                        error.what() + "; 'alike repair' mends what can be mended");
  }
  if (row.integer(5) > 0) {
    space.pca = encode::PcaOptions{static_cast<std::size_t>(row.integer(5)), row.integer(6) != 0};
  }
  space.width = static_cast<std::size_t>(row.integer(8));
  space.filling = row.integer(9) != 0;
  space.rows = static_cast<std::uint64_t>(row.integer(10));
  space.behind = items > space.rows ? items - space.rows : 0;
  space.is_default = space.name == default_name;
  return space;
}

/// Text, or NULL for an imported row without a name, of which there may be many.
void bind_path(Statement& statement, const std::string& path) {
  if (path.empty()) {
    statement.bind_null();
  } else {
    statement.bind_bytes(path);
  }
}

void check_version(Database& database) {
  auto statement = database.prepare("PRAGMA user_version");
  statement.step();
  if (statement.integer(0) > kVersion) {
    throw Error(ErrorCode::unsupported, "'" + database.file().native() + "' is of format " +
                                            std::to_string(statement.integer(0)) +
                                            "; this alike reads up to " + std::to_string(kVersion) +
                                            ": install a newer one");
  }
}

}  // namespace

Database::Mode reading_mode(const std::filesystem::path& folder) {
  if (::access(folder.c_str(), W_OK) == 0) return Database::Mode::read;
  std::error_code missing;
  const auto wal = std::filesystem::file_size(folder / "catalog.db-wal", missing);
  if (!missing && wal > 0) {
    throw Error(ErrorCode::io, "'" + folder.native() +
                                   "' was left by a writer that was killed, and cannot be written; "
                                   "run 'alike status' once where it can");
  }
  return Database::Mode::immutable;
}

Catalog::Catalog(const std::filesystem::path& folder, Database::Mode mode)
    : database_(folder / "catalog.db", mode), folder_(folder) {
  check_version(database_);
}

void Catalog::create(const std::filesystem::path& folder, const std::string& pictures) {
  // Made under another name, so that a kill leaves either no catalog or a whole one.
  const auto file = folder / "catalog.new";
  std::filesystem::remove(file);
  {
    Database database(file, Database::Mode::create);
    Transaction transaction(database, true);
    database.run(kSchema);
    database.run(("PRAGMA user_version=" + std::to_string(kVersion)).c_str());
    auto statement = database.prepare("INSERT INTO settings VALUES(?, ?)");
    statement.bind(std::string("next_id")).bind(std::string("0")).run();
    statement.bind(std::string("pictures")).bind(pictures).run();
    transaction.commit();
    database.checkpoint();
    database.checkpoint_on_close(true);
  }
  std::filesystem::rename(file, folder / "catalog.db");
  sync_folder(folder);
}

void Catalog::pack() {
  kept_.clear();
  database_.run("VACUUM");
}

std::string Catalog::setting(const std::string& key) {
  auto statement = database_.prepare("SELECT value FROM settings WHERE key = ?");
  return statement.bind(key).step() ? statement.text(0) : "";
}

void Catalog::set_setting(const std::string& key, const std::string& value) {
  kept("INSERT OR REPLACE INTO settings VALUES(?, ?)").bind(key).bind(value).run();
}

std::vector<Space> Catalog::spaces() {
  const std::string default_name = setting("default_space");
  const std::uint64_t items = item_count();
  auto statement = database_.prepare(
      "SELECT name, encoder, model_sha256, layer, pooling, pca_dimensions, pca_whiten, metric, "
      "width, filling, (SELECT coalesce(sum(rows), 0) FROM segments WHERE space = key) - "
      "(SELECT count(*) FROM dead WHERE space = key) FROM spaces ORDER BY key");
  std::vector<Space> spaces;
  while (statement.step()) spaces.push_back(read_space(statement, default_name, items));
  for (Space& space : spaces) {
    const std::string kind = setting("index." + std::to_string(key_of(space.name)));
    if (!kind.empty()) space.index = index_kind_from(kind);
  }
  return spaces;
}

Space Catalog::space(const std::string& name) {
  const auto all = spaces();
  std::vector<std::string> names;
  for (const auto& space : all) {
    if (name.empty() ? space.is_default : space.name == name) return space;
    names.push_back(space.name);
  }
  if (all.empty()) {
    throw Error(ErrorCode::not_found, "the collection '" + folder_.native() +
                                          "' has no space yet; 'alike index' makes one");
  }
  throw Error(ErrorCode::not_found, "there is no space '" + name + "' in '" + folder_.native() +
                                        "'" + suggestion(name, names));
}

std::int64_t Catalog::key_of(const std::string& space) {
  auto statement = database_.prepare("SELECT key FROM spaces WHERE name = ?");
  if (!statement.bind(space).step()) {
    throw Error(ErrorCode::not_found, "there is no space '" + space + "' any more");
  }
  return statement.integer(0);
}

std::string Catalog::name_of(std::int64_t key) {
  auto statement = database_.prepare("SELECT name FROM spaces WHERE key = ?");
  if (!statement.bind(key).step()) {
    throw Error(ErrorCode::not_found, "there is no space of key " + std::to_string(key));
  }
  return statement.text(0);
}

std::int64_t Catalog::add_space(const Space& space) {
  auto statement = database_.prepare(
      "INSERT INTO spaces(name, encoder, model_sha256, layer, pooling, pca_dimensions, pca_whiten, "
      "metric, width, filling) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  statement.bind(space.name).bind(space.encoder).bind(space.model_sha256).bind(space.layer);
  statement.bind(std::string(encode::name_of(space.pooling)));
  statement.bind(std::uint64_t{space.pca ? space.pca->dimensions : 0});
  statement.bind(space.pca && space.pca->whiten ? 1 : 0);
  statement.bind(std::string(index::name_of(space.metric))).bind(std::uint64_t{space.width});
  statement.bind(space.filling ? 1 : 0).run();
  if (setting("default_space").empty()) set_setting("default_space", space.name);
  return key_of(space.name);
}

void Catalog::remove_space(std::int64_t key) {
  for (const char* sql :
       {"DELETE FROM rows WHERE space = ?", "DELETE FROM dead WHERE space = ?",
        "DELETE FROM segments WHERE space = ?", "DELETE FROM transforms WHERE space = ?",
        "DELETE FROM spaces WHERE key = ?"}) {
    kept(sql).bind(key).run();
  }
}

void Catalog::set_transform(std::int64_t key, std::string_view bytes) {
  kept("INSERT OR REPLACE INTO transforms VALUES(?, ?)").bind(key).bind_bytes(bytes).run();
}

std::string Catalog::transform(std::int64_t key) {
  auto statement = database_.prepare("SELECT bytes FROM transforms WHERE space = ?");
  return statement.bind(key).step() ? statement.text(0) : "";
}

void Catalog::set_filling(std::int64_t key, bool filling) {
  kept("UPDATE spaces SET filling = ? WHERE key = ?").bind(filling ? 1 : 0).bind(key).run();
}

void Catalog::set_index(std::int64_t key, IndexKind index) {
  set_setting("index." + std::to_string(key), std::string(collection::name_of(index)));
}

void Catalog::set_codes_changed(std::int64_t key) {
  const std::string name = "codes_changed." + std::to_string(key);
  const std::string times = setting(name);
  set_setting(name, std::to_string(times.empty() ? 1 : std::stoll(times) + 1));
}

std::uint64_t Catalog::item_count() {
  auto statement = database_.prepare("SELECT count(*) FROM items");
  statement.step();
  return static_cast<std::uint64_t>(statement.integer(0));
}

std::optional<Item> Catalog::item(ItemId id) {
  auto statement = database_.prepare(std::string(kSelectItem) + "WHERE id = ?");
  if (!statement.bind(id).step()) return std::nullopt;
  return read_item(statement);
}

std::optional<Item> Catalog::item_at(std::string_view path) {
  auto statement = database_.prepare(std::string(kSelectItem) + "WHERE path = ?");
  if (!statement.bind_bytes(path).step()) return std::nullopt;
  return read_item(statement);
}

ItemId Catalog::next_id() {
  const std::string text = setting("next_id");
  ItemId id = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0) {
    throw Error(ErrorCode::corrupt, "'" + database_.file().native() + "': the next id is '" +
                                        valid_utf8(text) +
                                        "'; 'alike repair' mends what can be mended");
  }
  return id;
}

void Catalog::set_next_id(ItemId id) { set_setting("next_id", std::to_string(id)); }

void Catalog::add_item(const Item& item) {
  auto& statement = kept("INSERT INTO items VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
  statement.bind(item.id);
  bind_path(statement, item.path);
  statement.bind(item.size).bind(item.modified_ns).bind(item.hash).bind(item.width);
  statement.bind(item.height).bind_bytes(item.label).bind(item.added_ms).run();
}

void Catalog::update_item(const Item& item) {
  auto& statement = kept(
      "UPDATE items SET path = ?, size = ?, modified_ns = ?, hash = ?, width = ?, height = ?, "
      "label = ? WHERE id = ?");
  bind_path(statement, item.path);
  statement.bind(item.size).bind(item.modified_ns).bind(item.hash).bind(item.width);
  statement.bind(item.height).bind_bytes(item.label).bind(item.id).run();
}

void Catalog::remove_item(ItemId id) {
  drop_rows(id);
  kept("DELETE FROM items WHERE id = ?").bind(id).run();
}

void Catalog::drop_rows(ItemId id, std::optional<std::int64_t> space) {
  for (const char* sql : {"INSERT INTO dead SELECT space, segment, row FROM rows WHERE item = ?1 "
                          "AND space IN (SELECT key FROM spaces WHERE ?2 < 0 OR key = ?2)",
                          "DELETE FROM rows WHERE item = ?1 "
                          "AND space IN (SELECT key FROM spaces WHERE ?2 < 0 OR key = ?2)"}) {
    kept(sql).bind(id).bind(space.value_or(-1)).run();
  }
}

std::optional<RowPlace> Catalog::row_place(std::int64_t space, ItemId id) {
  auto statement = database_.prepare("SELECT segment, row FROM rows WHERE space = ? AND item = ?");
  if (!statement.bind(space).bind(id).step()) return std::nullopt;
  return RowPlace{statement.integer(0), static_cast<std::uint64_t>(statement.integer(1))};
}

void Catalog::add_row(std::int64_t space, ItemId id, const RowPlace& place) {
  kept("INSERT INTO rows VALUES(?, ?, ?, ?)")
      .bind(space)
      .bind(id)
      .bind(place.segment)
      .bind(place.row)
      .run();
}

void Catalog::move_row(std::int64_t space, ItemId id, const RowPlace& place) {
  kept("UPDATE rows SET segment = ?, row = ? WHERE space = ? AND item = ?")
      .bind(place.segment)
      .bind(place.row)
      .bind(space)
      .bind(id)
      .run();
}

std::uint64_t Catalog::forget_rows(std::int64_t space, std::int64_t segment) {
  kept("DELETE FROM rows WHERE space = ? AND segment = ?").bind(space).bind(segment).run();
  return static_cast<std::uint64_t>(database_.changes());
}

std::vector<ItemId> Catalog::items_with_row(std::int64_t space) {
  auto statement = database_.prepare("SELECT item FROM rows WHERE space = ? ORDER BY item");
  statement.bind(space);
  std::vector<ItemId> ids;
  while (statement.step()) ids.push_back(statement.integer(0));
  return ids;
}

std::vector<SegmentEntry> Catalog::segments(std::int64_t space) {
  auto statement =
      database_.prepare("SELECT number, bytes, rows FROM segments WHERE space = ? ORDER BY number");
  statement.bind(space);
  std::vector<SegmentEntry> entries;
  while (statement.step()) {
    entries.push_back({statement.integer(0), static_cast<std::uint64_t>(statement.integer(1)),
                       static_cast<std::uint64_t>(statement.integer(2))});
  }
  return entries;
}

void Catalog::set_segment(std::int64_t space, const SegmentEntry& segment) {
  kept("INSERT OR REPLACE INTO segments VALUES(?, ?, ?, ?)")
      .bind(space)
      .bind(segment.number)
      .bind(segment.bytes)
      .bind(segment.rows)
      .run();
}

void Catalog::remove_segment(std::int64_t space, std::int64_t number) {
  for (const char* sql : {"DELETE FROM dead WHERE space = ? AND segment = ?",
                          "DELETE FROM segments WHERE space = ? AND number = ?"}) {
    kept(sql).bind(space).bind(number).run();
  }
}

std::vector<std::uint64_t> Catalog::dead_rows(std::int64_t space, std::int64_t segment) {
  auto statement =
      database_.prepare("SELECT row FROM dead WHERE space = ? AND segment = ? ORDER BY row");
  statement.bind(space).bind(segment);
  std::vector<std::uint64_t> rows;
  while (statement.step()) rows.push_back(static_cast<std::uint64_t>(statement.integer(0)));
  return rows;
}

std::vector<Skipped> Catalog::skipped() {
  auto statement = database_.prepare("SELECT path, reason FROM skipped ORDER BY path");
  std::vector<Skipped> all;
  while (statement.step()) all.push_back({statement.text(0), statement.text(1)});
  return all;
}

void Catalog::set_skipped(const Skipped& skipped) {
  kept("INSERT OR REPLACE INTO skipped VALUES(?, ?)")
      .bind_bytes(skipped.path)
      .bind(skipped.reason)
      .run();
}

void Catalog::clear_skipped(std::string_view path) {
  kept("DELETE FROM skipped WHERE path = ?").bind_bytes(path).run();
}

Statement& Catalog::kept(const char* sql) {
  auto found = kept_.find(sql);
  if (found == kept_.end()) found = kept_.emplace(sql, database_.prepare(sql)).first;
  return found->second;
}

Item Catalog::read_item(const Statement& statement) {
  Item item;
  item.id = statement.integer(0);
  item.path = statement.text(1);
  item.size = static_cast<std::uint64_t>(statement.integer(2));
  item.modified_ns = statement.integer(3);
  item.hash = statement.text(4);
  item.width = static_cast<int>(statement.integer(5));
  item.height = static_cast<int>(statement.integer(6));
  item.label = statement.text(7);
  item.added_ms = statement.integer(8);
  return item;
}

}  // namespace alike::collection
