// Maps in and out of a collection (collection/store/map_store.h).
#pragma once

#include <string>

#include "alike/collection/collection.h"
#include "alike/map/map.h"

namespace alike::map {

/// The map called `name`. Throws `not_found`, `corrupt` with the command that makes it again.
Map load_map(const collection::Collection& collection, const std::string& name);

/// Keeps `map` under `name`, or under `collection::default_map_name` for "". Returns the name.
/// Takes the writer lock. Throws as `collection::write_map`.
std::string keep_map(const collection::Collection& collection, const std::string& name,
                     const Map& map);

}  // namespace alike::map
