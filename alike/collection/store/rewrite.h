// Copying the rows that count into new segments, for compact and repair.
#pragma once

#include <cstdint>
#include <vector>

#include "alike/base/progress.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {

enum class DamagedRows {
  refuse,  ///< Throw `corrupt`.
  drop,    ///< Leave them out.
};

/// Copies the rows of `segments` that count into new segments, lets the catalog name those instead
/// and removes the old files, all or nothing. Returns how many rows that counted were damaged and
/// are gone.
std::uint64_t rewrite_segments(Writer& writer, std::int64_t space,
                               const std::vector<SegmentEntry>& segments, DamagedRows damaged,
                               const Watcher& watcher);

}  // namespace alike::collection
