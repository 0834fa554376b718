// The segments of a space as the catalog describes them at one moment.
#pragma once

#include <filesystem>
#include <vector>

#include "alike/collection/catalog/catalog.h"
#include "alike/collection/store/mapped_rows.h"

namespace alike::collection {

/// Those of `space`; within a transaction they belong together.
std::vector<SegmentView> segment_views(Catalog& catalog, const Space& space);

}  // namespace alike::collection
