#include "alike/collection/store/salvage.h"

#include <array>
#include <set>
#include <string>

#include "alike/base/error.h"
#include "alike/base/folder.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/database.h"
#include "alike/collection/catalog/schema.h"
#include "alike/collection/names.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/segment.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

/// Where a catalog lies that is whole and only has to take its place.
constexpr const char* kFinished = "salvaged";

/// Copies `table` of `old`, or the part that `select` gives, until it cannot be read any further;
/// true when all of it was.
bool copy_table(Database& old, Database& made, const std::string& table, int columns,
                std::string select_from = {}) {
  if (select_from.empty()) select_from = "SELECT * FROM " + table;
  std::string places = "?";
  for (int i = 1; i < columns; ++i) places += ", ?";
  auto insert = made.prepare("INSERT OR REPLACE INTO " + table + " VALUES(" + places + ")");
  try {
    auto select = old.prepare(select_from);
    while (select.step()) {
      for (int column = 0; column < columns; ++column) insert.bind_from(select, column);
      insert.run();
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Whether a row of `spaces` (key, name, pooling, metric, width) describes a possible
/// space.
bool is_space(const Statement& row) {
  try {
    check_space_name(row.text(1));
    encode::pooling_from(row.text(2));
    index::metric_from(row.text(3));
    return row.integer(4) >= 1 && row.integer(4) <= static_cast<std::int64_t>(kMaxWidth);
  } catch (const Error&) {
    return false;
  }
}

/// Which index a space has is a wish: where it cannot be read, alike chooses.
void choose_unknown_indexes(Database& made) {
  std::vector<std::int64_t> unknown;
  auto spaces = made.prepare("SELECT key, index_kind FROM spaces");
  while (spaces.step()) {
    try {
      index_kind_from(spaces.text(1));
    } catch (const Error&) {
      unknown.push_back(spaces.integer(0));
    }
  }
  for (const auto key : unknown) {
    made.prepare("UPDATE spaces SET index_kind = 'auto' WHERE key = ?").bind(key).run();
  }
}

void drop_impossible_spaces(Database& made) {
  std::vector<std::int64_t> impossible;
  auto spaces = made.prepare("SELECT key, name, pooling, metric, width FROM spaces");
  while (spaces.step()) {
    if (!is_space(spaces)) impossible.push_back(spaces.integer(0));
  }
  for (const auto key : impossible) {
    made.prepare("DELETE FROM spaces WHERE key = ?").bind(key).run();
  }
  for (const char* table : {"segments", "rows", "dead", "transforms"}) {
    made.run(("DELETE FROM " + std::string(table) + " WHERE space NOT IN (SELECT key FROM spaces)")
                 .c_str());
  }
}

/// A name leads to a file.
void drop_impossible_maps(Database& made) {
  made.run("DELETE FROM maps WHERE space NOT IN (SELECT key FROM spaces)");
  std::vector<std::string> impossible;
  auto maps = made.prepare("SELECT name FROM maps");
  while (maps.step()) {
    try {
      check_name(maps.text(0), "a map");
    } catch (const Error&) {
      impossible.push_back(maps.text(0));
    }
  }
  for (const auto& name : impossible) {
    made.prepare("DELETE FROM maps WHERE name = ?").bind(name).run();
  }
}

/// Reconciles the copied tables: rows without item go, and rows that no item claims are dead.
/// Returns how many rows had to go.
std::uint64_t fit_together(Database& made) {
  choose_unknown_indexes(made);
  drop_impossible_spaces(made);
  drop_impossible_maps(made);
  // A row has an id and at least one number.
  made.run("DELETE FROM segments WHERE number < 0 OR rows < 0 OR bytes < 0 OR rows > bytes / 12");
  made.run("DELETE FROM rows WHERE item NOT IN (SELECT id FROM items)");
  made.run(
      "UPDATE settings SET value = max(CAST(value AS INTEGER), "
      "(SELECT coalesce(max(id) + 1, 0) FROM items)) WHERE key = 'next_id'");
  using Place = std::array<std::int64_t, 3>;
  std::set<Place> taken;
  auto rows = made.prepare(
      "SELECT space, segment, row FROM rows UNION ALL SELECT space, segment, row FROM dead");
  while (rows.step()) taken.insert({rows.integer(0), rows.integer(1), rows.integer(2)});
  std::uint64_t lost = 0;
  auto segments = made.prepare("SELECT space, number, rows FROM segments");
  auto insert = made.prepare("INSERT INTO dead VALUES(?, ?, ?)");
  while (segments.step()) {
    for (std::int64_t row = 0; row < segments.integer(2); ++row) {
      if (taken.count({segments.integer(0), segments.integer(1), row}) != 0) continue;
      insert.bind(segments.integer(0)).bind(segments.integer(1)).bind(row).run();
      ++lost;
    }
  }
  return lost;
}

/// Those of a new collection stay where the old ones cannot be read.
void copy_excludes(Catalog& old, Database& made) {
  if (!old.is_current()) return;
  try {
    const auto globs = old.excludes();
    made.run("DELETE FROM excludes");
    auto insert = made.prepare("INSERT INTO excludes VALUES(?)");
    for (const auto& glob : globs) insert.bind(glob).run();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
  }
}

/// Copies the readable part; false when that is not enough to work with.
bool copy_catalog(const fs::path& from, Database& made) {
  try {
    Catalog checked(from, Database::Mode::read);  // a foreign schema could do anything
    Database& old = checked.database();
    // Of an older format, rows of other tables about a space may be lost without the space.
    const bool first = checked.version() == 1;
    const std::string spaces = first ? "SELECT *, 'auto', 0, '' FROM main.spaces" : "";
    if (!copy_table(old, made, "spaces", 14, spaces)) return false;
    if (!copy_table(old, made, "segments", 4)) return false;
    if (first) copy_table(old, made, "spaces", 14);
    copy_table(old, made, "settings", 2);
    drop_old_settings(made);
    copy_table(old, made, "maps", 3);
    if (!first) copy_table(old, made, "runs", 9);
    copy_table(old, made, "items", 10);
    copy_table(old, made, "mounts", 1);
    copy_excludes(checked, made);
    copy_table(old, made, "transforms", 2);
    copy_table(old, made, "dead", 3);
    copy_table(old, made, "rows", 4);
    copy_table(old, made, "skipped", 2);
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    return false;
  }
}

}  // namespace

bool catalog_is_sound(const fs::path& folder) {
  try {
    Catalog catalog(folder, Database::Mode::write);
    auto check = catalog.database().prepare("PRAGMA integrity_check(1)");
    if (!check.step() || check.text(0) != "ok") return false;
    catalog.next_id();
    catalog.spaces();
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    return false;
  }
}

std::uint64_t salvage_catalog(const fs::path& folder) {
  const Folder files(folder);
  const auto fresh = folder / "salvage";
  for (const char* name : {"salvage", kFinished}) files.remove_all(name);
  files.make_folder("salvage");
  Catalog::create(fresh, "");
  std::uint64_t lost = 0;
  {
    Database made(fresh / "catalog.db", Database::Mode::write);
    Transaction transaction(made, true);
    if (!copy_catalog(folder, made)) {
      throw Error(ErrorCode::corrupt,
                  "the catalog of '" + folder.native() +
                      "' is damaged beyond mending; delete that folder, then index again or "
                      "restore a snapshot: the pictures are not touched");
    }
    lost = fit_together(made);
    transaction.commit();
    made.checkpoint();
    made.checkpoint_on_close(true);
  }
  // From here on the new one counts: without its WAL the old one says less than it did.
  files.rename("salvage", kFinished);
  files.sync("");
  finish_salvage(files);
  return lost;
}

void finish_salvage(const Folder& files) {
  const std::string finished = std::string(kFinished) + "/catalog.db";
  if (files.size_of(finished)) {
    remove_catalog_sum(files);
    for (const char* name : {"catalog.db-wal", "catalog.db-shm"}) files.remove(name);
    files.rename(finished, "catalog.db");
    files.sync("");
  }
  files.remove_all(kFinished);
}

}  // namespace alike::collection
