#include "alike/collection/export.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "alike/base/error.h"
#include "alike/collection/view.h"

namespace alike::collection {
namespace {

constexpr std::uint64_t kItemsAtOnce = 1024;  ///< Between two looks at the watcher.

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

/// The rows exported, all of one version.
struct Content {
  std::shared_ptr<const index::RowSource> rows;
  std::vector<Place> places;  ///< By id.
  std::vector<Item> items;    ///< Likewise, without those that are gone.
};

Content content_of(const View& view, const std::string& space) {
  Content content;
  content.rows = view.rows(space);
  content.places = places_by_id(*content.rows);
  std::vector<ItemId> ids;
  for (const Place& place : content.places) ids.push_back(place.id);
  content.items = view.items(ids);
  return content;
}

}  // namespace

std::uint64_t export_rows(
    const Collection& collection, const std::string& space, const Watcher& watcher,
    const std::function<void(const Item& item, std::span<const float> row)>& take) {
  const Content content =
      read(collection, [&](const View& view) { return content_of(view, space); });
  auto place = content.places.begin();
  std::uint64_t taken = 0;
  for (const Item& item : content.items) {
    if (taken % kItemsAtOnce == 0) {
      if (watcher.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "stopped while the rows were exported");
      }
      watcher.tell({taken, content.items.size(), 0});
    }
    place = std::ranges::find(place, content.places.end(), item.id, &Place::id);
    take(item, {content.rows->values(place->block, place->row), content.rows->width()});
    ++taken;
  }
  content.rows->check_whole();
  watcher.tell({taken, content.items.size(), 0});
  return taken;
}

}  // namespace alike::collection
