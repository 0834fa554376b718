#include "alike/collection/export.h"

#include <algorithm>
#include <vector>

#include "alike/base/error.h"

namespace alike::collection {
namespace {

constexpr std::size_t kItemsAtOnce = 1024;

struct Place {
  ItemId id = 0;
  std::size_t block = 0;
  std::size_t row = 0;
};

/// Where the rows that count lie, in the order of ids.
std::vector<Place> places_by_id(const index::RowSource& rows) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < rows.block_count(); ++i) {
    const auto block = rows.keys(i);
    for (std::size_t r = 0; r < block.rows; ++r) {
      if (block.dead == nullptr || block.dead[r] == 0) places.push_back({block.ids[r], i, r});
    }
  }
  std::ranges::sort(places, {}, &Place::id);
  return places;
}

std::vector<Item> items_of(const Collection& collection, std::span<const Place> places) {
  std::vector<ItemId> ids;
  for (const Place& place : places) ids.push_back(place.id);
  return collection.items(ids);
}

}  // namespace

std::uint64_t export_rows(
    const Collection& collection, const std::string& space, const Watcher& watcher,
    const std::function<void(const Item& item, std::span<const float> row)>& take) {
  const auto rows = collection.rows(space);
  const auto places = places_by_id(*rows);
  std::uint64_t taken = 0;
  for (std::size_t begin = 0; begin < places.size(); begin += kItemsAtOnce) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped while the rows were exported");
    }
    const auto some =
        std::span(places).subspan(begin, std::min(kItemsAtOnce, places.size() - begin));
    auto place = some.begin();
    for (const Item& item : items_of(collection, some)) {
      place = std::ranges::find(place, some.end(), item.id, &Place::id);
      take(item, {rows->values(place->block, place->row), rows->width()});
      ++taken;
    }
    watcher.tell({begin + some.size(), places.size(), 0});
  }
  return taken;
}

}  // namespace alike::collection
