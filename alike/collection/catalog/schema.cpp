#include "alike/collection/catalog/schema.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::collection {
namespace {

/// The tables that no version has changed.
constexpr const char* kTables = R"(
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE skipped(path BLOB PRIMARY KEY, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;
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

constexpr const char* kItems1 = R"(
CREATE TABLE items(
  id INTEGER PRIMARY KEY, path BLOB UNIQUE, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
  hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, label BLOB NOT NULL,
  added_ms INTEGER NOT NULL) STRICT;
)";

/// Names left out of every collection unless its owner takes them in: those that storage boxes,
/// desktops, ExifTool, editors and unfinished downloads give to things beside pictures. An older
/// collection leaves out only names that none of its items has.
constexpr const char* kItems3 = R"(
CREATE TABLE items(
  id INTEGER PRIMARY KEY, path BLOB UNIQUE, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
  hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, label BLOB NOT NULL,
  added_ms INTEGER NOT NULL, changed_ns INTEGER NOT NULL) STRICT;
CREATE TABLE mounts(path BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE excludes(glob TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO main.excludes VALUES
  ('@eaDir'), ('#recycle'), ('$RECYCLE.BIN'), ('lost+found'), ('__MACOSX'),
  ('*_original'), ('*~'), ('*.part');
)";

constexpr const char* kSpaces1 = R"(
CREATE TABLE spaces(
  key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, encoder TEXT NOT NULL,
  model_sha256 TEXT NOT NULL, layer TEXT NOT NULL, pooling TEXT NOT NULL,
  pca_dimensions INTEGER, pca_whiten INTEGER, metric TEXT NOT NULL, width INTEGER NOT NULL,
  filling INTEGER NOT NULL) STRICT;
)";

/// Index kind, hash of the package and maps were rows of `settings` before.
constexpr const char* kSpaces2 = R"(
CREATE TABLE spaces(
  key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, encoder TEXT NOT NULL,
  model_sha256 TEXT NOT NULL, layer TEXT NOT NULL, pooling TEXT NOT NULL,
  pca_dimensions INTEGER, pca_whiten INTEGER, metric TEXT NOT NULL, width INTEGER NOT NULL,
  filling INTEGER NOT NULL, index_kind TEXT NOT NULL, index_changes INTEGER NOT NULL,
  package_hash TEXT NOT NULL) STRICT;
CREATE TABLE maps(
  name TEXT PRIMARY KEY, space INTEGER NOT NULL, sums TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE runs(
  key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, method TEXT NOT NULL, state TEXT NOT NULL,
  encoder TEXT NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER, settings TEXT NOT NULL,
  report TEXT NOT NULL) STRICT;
)";

/// By version, from 1 on: the tables it adds to `kTables`.
constexpr std::array<std::array<const char*, 2>, 3> kSchemas{
    {{kItems1, kSpaces1}, {kItems1, kSpaces2}, {kItems3, kSpaces2}}};
static_assert(kSchemas.size() == kCatalogVersion);

/// A catalog of version 1 as one of version 2, for this connection alone: these are found before
/// the tables of the file.
constexpr const char* kVersion1AsVersion2 = R"(
CREATE TEMP VIEW spaces AS SELECT
  s.key, s.name, s.encoder, s.model_sha256, s.layer, s.pooling, s.pca_dimensions, s.pca_whiten,
  s.metric, s.width, s.filling,
  coalesce((SELECT value FROM main.settings WHERE key = 'index.' || s.key), 'auto') AS index_kind,
  coalesce((SELECT CAST(value AS INTEGER) & 0xFFFFFFFF FROM main.settings
            WHERE key = 'codes_changed.' || s.key), 0) AS index_changes,
  coalesce((SELECT value FROM main.settings WHERE key = 'package.' || s.key), '') AS package_hash
  FROM main.spaces AS s;
CREATE TEMP VIEW maps AS SELECT
  substr(m.key, 5) AS name, CAST(m.value AS INTEGER) AS space,
  coalesce((SELECT value FROM main.settings WHERE key = 'map_sum.' || substr(m.key, 5)), '') AS sums
  FROM main.settings AS m WHERE m.key GLOB 'map.*';
)";

/// A catalog of version 2, or of 1 with the views above, as one of version 3.
constexpr const char* kVersion2AsVersion3 = R"(
CREATE TEMP VIEW items AS SELECT *, 0 AS changed_ns FROM main.items;
CREATE TEMP VIEW mounts AS SELECT x'' AS path WHERE 0;
CREATE TEMP VIEW excludes AS SELECT '' AS glob WHERE 0;
)";

/// Around the making of the tables of version 2.
constexpr const char* kTakeVersion1 = R"(
CREATE TEMP TABLE old_spaces AS SELECT * FROM spaces;
CREATE TEMP TABLE old_maps AS SELECT * FROM maps WHERE space IN (SELECT key FROM spaces);
CREATE TEMP TABLE old_last AS SELECT seq FROM main.sqlite_sequence WHERE name = 'spaces';
DROP VIEW temp.spaces;
DROP VIEW temp.maps;
DROP TABLE main.spaces;
)";
constexpr const char* kGiveVersion2 = R"(
INSERT INTO main.spaces SELECT * FROM old_spaces;
INSERT INTO main.maps SELECT * FROM old_maps;
DELETE FROM main.sqlite_sequence WHERE name = 'spaces';
INSERT INTO main.sqlite_sequence SELECT 'spaces', seq FROM old_last;
DROP TABLE temp.old_spaces;
DROP TABLE temp.old_maps;
DROP TABLE temp.old_last;
)";

/// Around the making of the tables of version 3.
constexpr const char* kTakeVersion2 = R"(
CREATE TEMP TABLE old_items AS SELECT * FROM items;
DROP VIEW temp.items;
DROP VIEW temp.mounts;
DROP VIEW temp.excludes;
DROP TABLE main.items;
)";
constexpr const char* kGiveVersion3 = R"(
INSERT INTO main.items SELECT * FROM old_items;
DELETE FROM main.excludes WHERE EXISTS (SELECT 1 FROM old_items WHERE
  '/' || CAST(path AS TEXT) || '/' GLOB '*/' || glob || '/*');
DROP TABLE temp.old_items;
)";

/// Type, name, table and definition of a part of a schema.
using Part = std::array<std::string, 4>;

/// More parts than this are never ours, so that no more are read.
constexpr std::size_t kMostParts = 64;

/// By kind and name. `pages`: where the parts begin.
std::vector<Part> parts_of(Database& database, std::vector<std::int64_t>& pages) {
  std::vector<Part> parts;
  auto statement =
      database.prepare("SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema");
  while (parts.size() < kMostParts && statement.step()) {
    parts.push_back({statement.text(0), statement.text(1), statement.text(2), statement.text(3)});
    pages.push_back(statement.integer(4));
  }
  std::ranges::sort(parts);
  return parts;
}

const std::vector<Part>& parts_of_version(std::int64_t version) {
  static const auto k_parts = [] {
    std::array<std::vector<Part>, kSchemas.size()> all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      Database empty(":memory:", Database::Mode::memory);
      make_schema(empty, static_cast<std::int64_t>(i) + 1);
      std::vector<std::int64_t> ignored;
      all[i] = parts_of(empty, ignored);
    }
    return all;
  }();
  return k_parts[static_cast<std::size_t>(version - 1)];
}

[[noreturn]] void refuse(const Database& database, const std::string& what) {
  throw Error(ErrorCode::corrupt, "'" + database.file().native() + "': " + what +
                                      ": alike did not make it so, and nothing of it is run; use "
                                      "another copy, or delete the collection and index again");
}

/// Throws where a table does not begin on a page of its own within the file: SQLite would read
/// others, or none, for its rows.
void check_pages(Database& database, const std::vector<std::int64_t>& pages) {
  auto count = database.prepare("PRAGMA page_count");
  count.step();
  const std::int64_t most = count.integer(0);
  std::set<std::int64_t> used;
  for (const std::int64_t page : pages) {
    constexpr std::int64_t kFirst = 2;  // the first one has the schema
    if (page >= kFirst && page <= most && used.insert(page).second) continue;
    refuse(database, "a table begins on page " + std::to_string(page) + " of " +
                         std::to_string(most) + ", which is no place for it");
  }
}

}  // namespace

void make_schema(Database& database, std::int64_t version) {
  database.run(kTables);
  for (const char* part : kSchemas[static_cast<std::size_t>(version - 1)]) database.run(part);
  database.run(("PRAGMA user_version=" + std::to_string(version)).c_str());
}

std::int64_t schema_version(Database& database) {
  auto statement = database.prepare("PRAGMA user_version");
  statement.step();
  return statement.integer(0);
}

void read_as_current(Database& database, std::int64_t version) {
  if (version < 2) database.run_aside(kVersion1AsVersion2);
  if (version < 3) database.run_aside(kVersion2AsVersion3);
}

void drop_old_settings(Database& database) {
  database.run(
      "DELETE FROM main.settings WHERE key GLOB 'index.*' OR key GLOB 'codes_changed.*' "
      "OR key GLOB 'package.*' OR key GLOB 'map.*' OR key GLOB 'map_sum.*'");
}

void migrate_schema(Database& database, std::int64_t version) {
  if (version < 2) {
    database.run(kTakeVersion1);
    database.run(kSpaces2);
    database.run(kGiveVersion2);
    drop_old_settings(database);
  }
  if (version < 3) {
    database.run(kTakeVersion2);
    database.run(kItems3);
    database.run(kGiveVersion3);
  }
  database.run(("PRAGMA user_version=" + std::to_string(kCatalogVersion)).c_str());
}

std::int64_t check_schema(Database& database) {
  const std::int64_t version = schema_version(database);
  if (version > kCatalogVersion) {
    throw Error(ErrorCode::unsupported, "'" + database.file().native() + "' is of format " +
                                            std::to_string(version) + "; this alike reads up to " +
                                            std::to_string(kCatalogVersion) +
                                            ": install a newer one");
  }
  if (version < 1) refuse(database, "its format is " + std::to_string(version));
  const auto& ours = parts_of_version(version);
  std::vector<std::int64_t> pages;
  for (const Part& part : parts_of(database, pages)) {
    if (std::ranges::binary_search(ours, part)) continue;
    refuse(database, "it holds the " + valid_utf8(part[0]) + " '" + valid_utf8(part[1]) + "'");
  }
  if (pages.size() != ours.size()) refuse(database, "its tables are not those of a catalog");
  check_pages(database, pages);
  return version;
}

}  // namespace alike::collection
