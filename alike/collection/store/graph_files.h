// Making, extending and removing the graph of a space.
#pragma once

#include <cstdint>

#include "alike/base/progress.h"
#include "alike/collection/store/writer.h"
#include "alike/collection/types.h"

namespace alike::collection {

/// The part of `refresh_index` that is about graphs. New rows wait until they are a tenth of all:
/// till then they are read in full.
IndexChange refresh_graph(Writer& writer, std::int64_t space, int threads, const Watcher& watcher);

}  // namespace alike::collection
