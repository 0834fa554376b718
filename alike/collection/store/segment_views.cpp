#include "alike/collection/store/segment_views.h"

#include "alike/collection/store/writer.h"

namespace alike::collection {

std::vector<SegmentView> segment_views(Catalog& catalog, const Space& space) {
  const std::int64_t key = catalog.key_of(space.name);
  std::vector<SegmentView> views;
  for (const auto& entry : catalog.segments(key)) {
    views.push_back({entry.number, space_folder_name(space.name) + "/" + segment_name(entry.number),
                     entry.bytes, catalog.dead_rows(key, entry.number)});
  }
  return views;
}

}  // namespace alike::collection
