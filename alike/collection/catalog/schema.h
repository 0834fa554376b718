// The tables of a catalog, by version of its format.
#pragma once

#include <cstdint>

#include "alike/collection/catalog/database.h"

namespace alike::collection {

/// The version that this program writes (`user_version`).
inline constexpr std::int64_t kCatalogVersion = 3;

/// Makes the tables of `version` in an empty database. Not within a transaction of its own.
void make_schema(Database& database, std::int64_t version = kCatalogVersion);

/// The version that the file says it has.
std::int64_t schema_version(Database& database);

/// Lets this connection read, not write, a catalog of the older `version` as one of this one. The
/// file stays as it is.
void read_as_current(Database& database, std::int64_t version);

/// Makes a catalog of the older `version`, which is read as current, one of this version. Within a
/// transaction: all of it or nothing.
void migrate_schema(Database& database, std::int64_t version);

/// Removes the settings of version 1 that are columns and tables since version 2.
void drop_old_settings(Database& database);

/// The version of the catalog, from 1 to `kCatalogVersion`. Throws `unsupported` for a newer one
/// and `corrupt` unless the tables of the file are those of its version to the letter, and nothing
/// else: no view, no trigger, no further index or table. Nothing of the file is run for that.
std::int64_t check_schema(Database& database);

}  // namespace alike::collection
