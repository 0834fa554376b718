// The space that an ingest fills, from its options and the existing spaces.
#pragma once

#include <optional>
#include <string>

#include "alike/collection/catalog/catalog.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/encode/package/package.h"

namespace alike::collection {

struct SpacePlan {
  Space space;              ///< Complete but for `width` when it is new.
  encode::Package package;  ///< Its encoder.
  bool is_new = false;
};

/// See `IngestOptions`. Throws `invalid_argument` when a field differs from the space,
/// `not_found` when its encoder is not installed.
SpacePlan plan_space(Catalog& catalog, const IngestOptions& options);

}  // namespace alike::collection
