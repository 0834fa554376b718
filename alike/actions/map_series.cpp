// Maps of several layers or spaces, each turned onto the one before.
#include "alike/map/map_series.h"

#include <algorithm>
#include <chrono>

#include "alike/actions/map.h"
#include "alike/base/error.h"
#include "alike/judge/layer_space.h"
#include "alike/map/keep/kept_map.h"
#include "alike/map/space_map.h"

namespace alike::actions {
namespace {

using Clock = std::chrono::steady_clock;

/// The encoder of the space, which must know all layers.
std::string encoder_of(const collection::Collection& collection, const std::string& name,
                       const std::vector<std::string>& layers) {
  const collection::Space space = collection.space(name);
  if (space.encoder.empty()) {
    throw Error(ErrorCode::not_found, "the rows of space '" + space.name +
                                          "' were imported: no encoder with layers to compare "
                                          "is known");
  }
  judge::check_layers(space.encoder, layers);
  return space.encoder;
}

/// The space and the others of the same pictures.
std::vector<map::SpaceRows> spaces_of_same_pictures(const collection::Collection& collection,
                                                    const std::string& space) {
  std::vector<map::SpaceRows> spaces;
  spaces.push_back(map::rows_of(collection, space));
  const auto sorted = [](std::vector<std::int64_t> ids) {
    std::ranges::sort(ids);
    return ids;
  };
  const auto ids = sorted(spaces.front().ids);
  for (const auto& other : collection.spaces()) {
    if (other.name == spaces.front().source.space || other.metric == index::Metric::inner_product)
      continue;
    auto rows = map::rows_of(collection, other.name);
    if (sorted(rows.ids) == ids) spaces.push_back(std::move(rows));
  }
  return spaces;
}

/// Makes all maps, then keeps each.
MapSeries make_series(const collection::Collection& collection,
                      const std::vector<map::SpaceRows>& spaces, const MapOptions& options,
                      const Watcher& watcher) {
  const auto start = Clock::now();
  watcher.stage("rows");
  MapSeries series;
  series.maps = map::make_series(spaces, options.map, options.threads, watcher);
  for (const auto& map : series.maps) {
    const std::string method(map::name_of(map.options.method));
    series.layers.push_back(map.source.layer);
    series.names.push_back(map::keep_map(collection, map.source.space + ".layers." + method, map));
  }
  series.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return series;
}

}  // namespace

MapSeries map_layers(collection::Collection& collection, const std::vector<std::string>& layers,
                     const MapOptions& options, const Watcher& watcher) {
  const std::string encoder = encoder_of(collection, options.space, layers);
  std::vector<map::SpaceRows> spaces;
  for (const auto& layer : layers) {
    watcher.stage("pictures by " + layer);
    spaces.push_back(map::rows_of(
        collection, judge::filled_space(collection, encoder, layer, options.threads, watcher)));
  }
  MapSeries series = make_series(collection, spaces, options, watcher);
  series.layers = layers;
  return series;
}

MapSeries map_spaces(const collection::Collection& collection, const MapOptions& options,
                     const Watcher& watcher) {
  const std::string space = collection.space(options.space).name;
  return make_series(collection, spaces_of_same_pictures(collection, space), options, watcher);
}

}  // namespace alike::actions
