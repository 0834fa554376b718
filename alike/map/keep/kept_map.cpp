#include "alike/map/keep/kept_map.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/collection/store/map_store.h"
#include "alike/map/keep/map_file.h"

namespace alike::map {

Map load_map(const collection::Collection& collection, const std::string& name) {
  const auto bytes = collection::read_map(collection, name);
  const auto maps = collection.maps();
  try {
    return map_from(bytes, "the map '" + name + "'");
  } catch (const Error& error) {
    const auto map = std::ranges::find(maps, name, &collection::MapEntry::name);
    if (map == maps.end()) throw;
    throw Error(error.code(), error.what(), collection::map_remedy(*map));
  }
}

std::string keep_map(const collection::Collection& collection, const std::string& name,
                     const Map& map) {
  std::string kept = name.empty() ? collection::default_map_name(
                                        map.source.space, std::string(name_of(map.options.method)))
                                  : name;
  collection::write_map(collection, kept, map.source.space, bytes_of(map));
  return kept;
}

}  // namespace alike::map
