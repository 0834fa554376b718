#include "alike/collection/schema.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::collection {
namespace {

constexpr const char* kVersion1 = R"(
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

/// By version, from 1 on.
constexpr std::array kSchemas{kVersion1};
static_assert(kSchemas.size() == kCatalogVersion);

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

}  // namespace

void make_schema(Database& database, std::int64_t version) {
  database.run(kSchemas[static_cast<std::size_t>(version - 1)]);
  database.run(("PRAGMA user_version=" + std::to_string(version)).c_str());
}

std::int64_t check_schema(Database& database) {
  auto statement = database.prepare("PRAGMA user_version");
  statement.step();
  const std::int64_t version = statement.integer(0);
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
  if (pages.size() != ours.size() || std::set(pages.begin(), pages.end()).size() != pages.size()) {
    refuse(database, "its tables are not those of a catalog");
  }
  return version;
}

}  // namespace alike::collection
