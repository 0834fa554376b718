// Files that were left out, as programs read them.
#pragma once

#include <vector>

#include "alike/base/json.h"
#include "alike/collection/types.h"

namespace alike::actions {

/// [{path, reason}].
json::array to_json(const std::vector<collection::Skipped>& skipped);

}  // namespace alike::actions
