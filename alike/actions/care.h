// Findings and actions of the care of a collection, as programs read them.
#pragma once

#include <functional>
#include <string>

#include "alike/base/json.h"
#include "alike/collection/care/care.h"

namespace alike::actions {

/// With `command`, each damaged place also has the command that mends it.
json::object to_json(const collection::VerifyReport& report,
                     const std::function<std::string(const Remedy&)>& command = {});
/// {pictures, bytes, differing: [{path, reason}]}.
json::object to_json(const collection::PicturesReport& report);
json::object to_json(const collection::CompactReport& report);

}  // namespace alike::actions
