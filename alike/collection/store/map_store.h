// The maps of a collection as they are kept: bytes under a name, checked. Only `map/` knows their
// content. Layout: docs/file-formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/collection/collection.h"

namespace alike::collection {

class Catalog;

/// The map called `name`, whole: as written, and zeros up to a multiple of 64. Throws `not_found`
/// with the nearest names, `corrupt` with file, offset and the command that makes the map again.
std::vector<std::byte> read_map(const Collection& collection, const std::string& name);

/// Keeps a map of `space`, at least one byte and at most 1 GiB, under `name`, in the place of one
/// that is there: after a kill it is the old one or the new one. Takes the writer lock. Throws
/// `invalid_argument` for a name that a space could not have either, `not_found` when the space is
/// gone, `busy`, `io`.
void write_map(const Collection& collection, const std::string& name, const std::string& space,
               std::span<const std::byte> bytes);

/// True when the file of a map with this checksum (`Group::sum`) is one that the catalog counts,
/// and not an old copy that was put back. While a map is replaced, both count; of a map that was
/// kept by an older program, any does.
bool is_current_map(Catalog& catalog, const std::string& name, std::uint64_t sum);

/// Forgets the map. Takes the writer lock. Throws as `read_map`.
void remove_map(const Collection& collection, const std::string& name);

/// "SPACE.METHOD": the name of a map that is given no other.
std::string default_map_name(const std::string& space, const std::string& method);

/// The command that makes a map of this name and space again, of its method where the name tells.
Remedy map_remedy(const MapEntry& map);

}  // namespace alike::collection
