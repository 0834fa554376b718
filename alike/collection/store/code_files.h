// Making, extending and removing the files of codes of a space.
#pragma once

#include <cstdint>

#include "alike/base/progress.h"
#include "alike/collection/store/writer.h"
#include "alike/collection/types.h"

namespace alike::collection {

/// Brings the codes of a space up to its rows and its `Space::index`: makes missing ones, extends
/// those that are behind, replaces damaged and removes unused ones. Readers go on. Nothing
/// that counts depends on these files: a kill leaves them behind or damaged, which readers notice.
/// Throws `corrupt` for damaged rows, `interrupted`.
IndexChange refresh_codes(Writer& writer, std::int64_t space, int threads, const Watcher& watcher);

}  // namespace alike::collection
