#include "alike/map/map_series.h"

#include <algorithm>
#include <string>

#include "alike/base/error.h"

namespace alike::map {
namespace {

std::vector<std::int64_t> sorted_ids(const SpaceRows& rows) {
  auto ids = rows.ids;
  std::ranges::sort(ids);
  return ids;
}

void check_same_items(std::span<const SpaceRows> spaces) {
  for (const SpaceRows& rows : spaces) {
    if (sorted_ids(rows) == sorted_ids(spaces[0])) continue;
    throw Error(ErrorCode::invalid_argument,
                "spaces '" + spaces[0].source.space + "' and '" + rows.source.space +
                    "' do not hold the same pictures",
                Remedy{"index", {"--space", "NAME"}, "to bring both up to date"});
  }
}

}  // namespace

std::vector<Map> make_series(std::span<const SpaceRows> spaces, const MapOptions& options,
                             int threads, const Watcher& watcher) {
  check_same_items(spaces);
  std::vector<Map> maps;
  for (const SpaceRows& rows : spaces) {
    const Map* before = maps.empty() ? nullptr : &maps.back();
    Map map = make_map(rows, options, threads, watcher, before);
    maps.push_back(std::move(map));
  }
  return maps;
}

}  // namespace alike::map
