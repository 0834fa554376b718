#include "alike/map/map_age.h"

#include <algorithm>

namespace alike::map {

MapAge age_of(const Map& map, const SpaceRows& rows) {
  MapAge age;
  age.other_rows = map.source != rows.source;
  std::vector<bool> seen(map.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto place = map.find(rows.ids[i]);
    if (!place) {
      age.added.push_back(rows.ids[i]);
      continue;
    }
    seen[*place] = true;
    if (map.content[*place] != rows.content[i]) age.changed.push_back(rows.ids[i]);
  }
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (!seen[i]) age.gone.push_back(map.ids[i]);
  }
  std::ranges::sort(age.added);
  std::ranges::sort(age.changed);
  return age;
}

}  // namespace alike::map
