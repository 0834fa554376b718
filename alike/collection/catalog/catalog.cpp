#include "alike/collection/catalog/catalog.h"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <initializer_list>
#include <thread>

#include "alike/base/error.h"
#include "alike/base/folder.h"
#include "alike/base/text.h"
#include "alike/collection/catalog/schema.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 500;
constexpr std::chrono::milliseconds kPause{20};
constexpr std::uintmax_t kWalHead = 32;  // bytes before the first change in a WAL

constexpr const char* kSelectItem =
    "SELECT id, path, size, modified_ns, hash, width, height, label, added_ms, changed_ns FROM "
    "items ";

/// Text, or NULL for an imported row without a name, of which there may be many.
void bind_path(Statement& statement, const std::string& path) {
  if (path.empty()) {
    statement.bind_null();
  } else {
    statement.bind_bytes(path);
  }
}

void remove_drafts(const Folder& files, std::initializer_list<const char*> ends) {
  for (const std::string end : ends) files.remove("catalog.new" + end);
}

/// nullopt where there is none.
std::optional<std::uintmax_t> wal_bytes(const fs::path& folder) {
  std::error_code missing;
  const auto bytes = fs::file_size(folder / "catalog.db-wal", missing);
  if (missing) return std::nullopt;
  return bytes;
}

/// How to read beside a writer, or after one, where nothing may be written.
Database::Mode mode_without_leave(const fs::path& folder, const WriterBarrier& barrier) {
  // Every writer leaves both behind. Where they are missing, they cannot be made.
  const auto wal = wal_bytes(folder);
  // SQLite never gets past one that is only a head, as a killed writer may leave it, where it
  // cannot write.
  if (wal == kWalHead && barrier.held()) return Database::Mode::immutable;
  std::error_code ignored;
  if (wal && fs::exists(folder / "catalog.db-shm", ignored)) return Database::Mode::read_only;
  if (wal.value_or(0) > 0) {
    throw Error(ErrorCode::io,
                "'" + (folder / "catalog.db-wal").native() +
                    "' holds changes, but catalog.db-shm is missing and cannot be "
                    "made here",
                Remedy{"status", {}, "to make it, where that can be"});
  }
  return Database::Mode::immutable;
}

std::unique_ptr<Catalog> open_as_it_is(const fs::path& folder, WriterBarrier barrier) {
  auto catalog = std::make_unique<Catalog>(folder, Database::Mode::immutable);
  catalog->hold(std::move(barrier));
  return catalog;
}

std::unique_ptr<Catalog> open_without_leave(const fs::path& folder) {
  for (int i = 0;; ++i) {
    WriterBarrier barrier(folder);
    const auto mode = mode_without_leave(folder, barrier);
    if (mode != Database::Mode::immutable) return std::make_unique<Catalog>(folder, mode);
    const bool unchanging = barrier.held() || Folder(folder).links_of("lock") == 0;
    if (unchanging) return open_as_it_is(folder, std::move(barrier));
    if (i == kTries) {
      throw Error(ErrorCode::busy,
                  "'" + folder.native() +
                      "' cannot be read: a process is writing to it, or its file "
                      "'lock' cannot be read, which tells that none is; try again");
    }
    std::this_thread::sleep_for(kPause);  // a writer is about to make the files that readers need
  }
}

}  // namespace

std::unique_ptr<Catalog> open_catalog(const fs::path& folder) {
  if (::access(folder.c_str(), W_OK) != 0) return open_without_leave(folder);
  try {
    return std::make_unique<Catalog>(folder, Database::Mode::read);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::no_space) throw;
  }
  // No room for the shared memory of readers: then no one can write either.
  WriterBarrier barrier(folder);
  if (!barrier.held() || wal_bytes(folder).value_or(0) > kWalHead) {
    return std::make_unique<Catalog>(folder, Database::Mode::read);
  }
  return open_as_it_is(folder, std::move(barrier));
}

Catalog::Catalog(const std::filesystem::path& folder, Database::Mode mode)
    : database_(folder / "catalog.db", mode), folder_(folder) {
  Transaction transaction(
      database_);  // another process may make it one of a newer version meanwhile
  version_ = check_schema(database_);
  read_as_current(database_, version_);
  transaction.commit();
}

bool Catalog::is_current() const { return version_ == kCatalogVersion; }

void Catalog::migrate() {
  kept_.clear();
  migrate_schema(database_, version_);
  version_ = kCatalogVersion;
}

bool Catalog::was_migrated() { return schema_version(database_) != version_; }

void Catalog::create(const std::filesystem::path& folder, const std::string& pictures) {
  // Made under another name, so that a kill leaves either no catalog or a whole one.
  const auto file = folder / "catalog.new";
  const Folder files(folder);
  remove_drafts(files, {"", "-wal", "-shm", "-journal"});  // of a process that was killed
  {
    Database database(file, Database::Mode::create);
    Transaction transaction(database, true);
    make_schema(database);
    auto statement = database.prepare("INSERT INTO settings VALUES(?, ?)");
    statement.bind(std::string("next_id")).bind(std::string("0")).run();
    statement.bind(std::string("pictures")).bind(pictures).run();
    transaction.commit();
    database.checkpoint();
    database.checkpoint_on_close(true);
  }
  remove_drafts(files, {"-wal", "-shm"});  // SQLite keeps silent when it could not
  files.rename("catalog.new", "catalog.db");
  files.sync("");
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

std::uint64_t Catalog::item_count() {
  // Not count(*), which SQLite does in one step, however long that takes.
  auto statement = database_.prepare("SELECT count(id) FROM items");
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

std::vector<Item> Catalog::items(std::span<const ItemId> ids) {
  auto statement = database_.prepare(std::string(kSelectItem) + "WHERE id = ?");
  std::vector<Item> found;
  found.reserve(ids.size());
  for (const ItemId id : ids) {
    if (statement.bind(id).step()) found.push_back(read_item(statement));
    statement.reset();
  }
  return found;
}

ItemId Catalog::next_id() {
  const std::string text = setting("next_id");
  ItemId id = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0) {
    throw Error(ErrorCode::corrupt,
                "'" + database_.file().native() + "': the next id is '" + valid_utf8(text) + "'",
                repair_remedy());
  }
  return id;
}

void Catalog::set_next_id(ItemId id) { set_setting("next_id", std::to_string(id)); }

void Catalog::add_item(const Item& item) {
  auto& statement = kept("INSERT INTO items VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  statement.bind(item.id);
  bind_path(statement, item.path);
  statement.bind(item.size).bind(item.modified_ns).bind(item.hash).bind(item.width);
  statement.bind(item.height).bind_bytes(item.label).bind(item.added_ms);
  statement.bind(item.changed_ns).run();
}

void Catalog::update_item(const Item& item) {
  auto& statement = kept(
      "UPDATE items SET path = ?, size = ?, modified_ns = ?, hash = ?, width = ?, height = ?, "
      "label = ?, changed_ns = ? WHERE id = ?");
  bind_path(statement, item.path);
  statement.bind(item.size).bind(item.modified_ns).bind(item.hash).bind(item.width);
  statement.bind(item.height).bind_bytes(item.label).bind(item.changed_ns);
  statement.bind(item.id).run();
}

void Catalog::remove_item(ItemId id) {
  drop_rows(id);
  kept("DELETE FROM items WHERE id = ?").bind(id).run();
}

void Catalog::set_changed(ItemId id, std::int64_t changed_ns) {
  kept("UPDATE items SET changed_ns = ? WHERE id = ?").bind(changed_ns).bind(id).run();
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

std::vector<std::string> Catalog::texts(const char* sql) {
  auto statement = database_.prepare(sql);
  std::vector<std::string> all;
  while (statement.step()) all.push_back(statement.text(0));
  return all;
}

std::vector<std::string> Catalog::mounts() {
  return texts("SELECT path FROM mounts ORDER BY path LIMIT 1000");
}

void Catalog::set_mounts(const std::vector<std::string>& paths) {
  if (paths == mounts()) return;
  kept("DELETE FROM mounts").run();
  for (const auto& path : paths) kept("INSERT INTO mounts VALUES(?)").bind_bytes(path).run();
}

std::vector<std::string> Catalog::excludes() {
  return texts("SELECT glob FROM excludes ORDER BY glob LIMIT 1000");
}

void Catalog::set_excludes(const std::vector<std::string>& globs) {
  if (globs == excludes()) return;
  kept("DELETE FROM excludes").run();
  for (const auto& glob : globs) kept("INSERT INTO excludes VALUES(?)").bind(glob).run();
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
  item.changed_ns = statement.integer(9);
  return item;
}

}  // namespace alike::collection
