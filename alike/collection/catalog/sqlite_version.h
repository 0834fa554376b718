// The version of SQLite.
#pragma once

#include <string>

namespace alike::collection {

/// "3.40.1", of this process.
std::string sqlite_version();

}  // namespace alike::collection
