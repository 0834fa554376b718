// The last resort for a catalog: a new one from the readable part of the old.
#pragma once

#include <cstdint>
#include <filesystem>

#include "alike/base/folder.h"

namespace alike::collection {

/// Whether SQLite finds nothing wrong with the catalog, and its rows are possible.
bool catalog_is_sound(const std::filesystem::path& folder);

/// Puts a new catalog in the place of the old one, with all rows of all tables that can be read and
/// fit together. Returns how many rows of spaces had to go. Throws `corrupt` with the way out when
/// not even the spaces can be read. The caller holds the writer lock.
std::uint64_t salvage_catalog(const std::filesystem::path& folder);

/// Puts in place the finished catalog of a killed `salvage_catalog`, if there is one. The caller
/// holds the writer lock.
void finish_salvage(const Folder& files);

}  // namespace alike::collection
