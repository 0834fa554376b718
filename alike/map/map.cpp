#include "alike/map/map.h"

#include <algorithm>

namespace alike::map {

std::optional<std::size_t> Map::find(std::int64_t id) const {
  const auto found = std::ranges::lower_bound(ids, id);
  if (found == ids.end() || *found != id) return std::nullopt;
  return static_cast<std::size_t>(found - ids.begin());
}

}  // namespace alike::map
