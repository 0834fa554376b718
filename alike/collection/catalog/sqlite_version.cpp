#include "alike/collection/catalog/sqlite_version.h"

#include <sqlite3.h>

namespace alike::collection {

std::string sqlite_version() { return sqlite3_libversion(); }

}  // namespace alike::collection
