// The files that SQLite opens by their paths, checked before it does.
#pragma once

#include <filesystem>

#include "alike/collection/catalog/database.h"

namespace alike::collection {

/// Throws `corrupt`, with the way out, unless a database `file` and SQLite's files beside it are
/// regular files or not there, so that SQLite follows no link and waits for no pipe; those that are
/// about to be written must have no second name. A journal of the older kind must not be there:
/// SQLite would roll back the changes in an untrusted one, and remove the file it names.
/// SQLite itself opens with O_NOFOLLOW, so that a link put there after this check is not followed
/// either; a second name or a journal put there in that moment is beyond the promise.
void check_database_files(const std::filesystem::path& file, Database::Mode mode);

}  // namespace alike::collection
