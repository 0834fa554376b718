// Making, keeping, updating and listing the maps of a collection.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/json.h"
#include "alike/collection/collection.h"
#include "alike/index/vector_index.h"
#include "alike/map/map.h"
#include "alike/map/map_age.h"
#include "alike/map/place.h"

namespace alike::actions {

struct MapOptions {
  std::string space;      ///< "": the default one. An update takes that of the kept map.
  std::string name;       ///< Under which it is kept; "": SPACE.METHOD.
  map::MapOptions map;    ///< Method and its numbers.
  bool update = false;    ///< Place new pictures on the kept map, take away those that are gone.
  bool anew = false;      ///< Make it even if the kept map is up to date.
  bool may_lose = false;  ///< Failure to keep the map is no error, but reported as `not_kept`.
  int threads = 1;
};

/// The changes of an update.
struct MapChange {
  std::size_t placed = 0, off_map = 0, dropped = 0;
  bool better_anew = false;  ///< So much is new that a map made anew is better.
};

struct MapReport {
  map::Map map;
  std::string name;
  std::string not_kept;  ///< Why not, or "".
  std::string damage;    ///< Why the kept map could not be taken, or "".
  bool reused = false;   ///< It was there already.
  std::optional<MapChange> change;
  map::MapAge age;
  std::uint64_t behind = 0;  ///< Pictures that are not yet in the space.
  double seconds = 0;
};

/// Makes or updates a map and keeps it. Throws as `map::make_map`, `map::update_map` and
/// `map::keep_map`; `interrupted` leaves the collection as it was.
MapReport map_space(const collection::Collection& collection, const MapOptions& options,
                    const Watcher& watcher);

/// Points, figures, clusters and all other members of a map; `items`: as `items_of` gives them.
json::object to_json(const map::Map& map, const std::vector<collection::Item>& items);
json::object to_json(const MapReport& report, const std::vector<collection::Item>& items);

/// The items of the points of a map, in their order; empty ones for those that are gone.
std::vector<collection::Item> items_of(const collection::Collection& collection,
                                       const map::Map& map);

/// Maps of several layers or spaces, each turned onto the one before.
struct MapSeries {
  std::vector<std::string> layers;  ///< (maps)
  std::vector<map::Map> maps;       ///< At least one; all of the same pictures.
  std::vector<std::string> names;   ///< (maps) under which they are kept.
  double seconds = 0;               ///< Without embedding.
};

/// One map for each of `layers` of the encoder of `options.space`; pictures are embedded where
/// they are not yet. Throws `not_found` for a layer that is not there, and as `map::make_series`.
MapSeries map_layers(collection::Collection& collection, const std::vector<std::string>& layers,
                     const MapOptions& options, const Watcher& watcher);
/// One map for `options.space` and each other space of the same pictures, but those of inner
/// product.
MapSeries map_spaces(const collection::Collection& collection, const MapOptions& options,
                     const Watcher& watcher);
json::object to_json(const MapSeries& series, const std::vector<collection::Item>& items);

/// Where a query lies on a map.
struct PlacedQuery {
  map::Placed at;
  double spread = 0;                          ///< Radius in which half of `neighbors` lie.
  std::vector<collection::ItemId> neighbors;  ///< Near it in the space, and on the map.
};

/// Places a query that has `row` in the space of `map`, near the items that `index` of that space
/// finds. Throws `not_found` where no picture of the map is there any more.
PlacedQuery place_query(const map::Map& map, const map::Placer& placer,
                        const index::VectorIndex& index, std::span<const float> row);
json::object to_json(const PlacedQuery& placed);

/// How many pictures came, changed or went since; all of them where the space was made anew.
std::uint64_t stale(const collection::Collection& collection, const map::Map& map);
/// The figures that there are, without a member for others.
json::object brief_json(const map::MapFigures& figures);

/// A map that is kept.
struct KeptMap {
  std::string name, space;
  std::optional<Error> error;  ///< Why it cannot be read; the rest is empty then.
  map::MapOptions options{};
  map::MapFigures figures{};
  std::size_t pictures = 0;
  map::MapAge age{};
};
/// All kept maps, those that cannot be read with the reason. Throws as `Collection::maps`.
std::vector<KeptMap> list_maps(const collection::Collection& collection);
/// Without the error of a map that cannot be read, whose remedy depends on the caller.
json::object to_json(const KeptMap& kept);

}  // namespace alike::actions
