// The rows of a space, one after the other, for use elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "alike/base/progress.h"
#include "alike/collection/collection.h"

namespace alike::collection {

/// Calls `take` with the item and the row of each that `space` ("": the default one) has, in the
/// order of ids, as of one moment; an item that went while this runs is left out. Rows have length
/// 1 where the metric is cosine. Returns how many there were. Throws `corrupt` for a damaged block,
/// `interrupted` when `watcher.stop` is requested, and the errors of `take`.
std::uint64_t export_rows(
    const Collection& collection, const std::string& space, const Watcher& watcher,
    const std::function<void(const Item& item, std::span<const float> row)>& take);

}  // namespace alike::collection
