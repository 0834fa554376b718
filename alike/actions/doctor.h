// The data of a bug report about a machine and a collection.
#pragma once

#include <filesystem>

#include "alike/base/json.h"

namespace alike::actions {

/// Versions of the program, its libraries and the system.
json::object versions_report();
/// Processor, memory, and how pictures that come from others are isolated.
json::object machine_report();
/// The packages of encoders, each with whether its bytes are those that it was made of.
json::array encoders_report();
/// The state of the collection in `folder`; a fault of it is a member "error". With `names` also
/// its path.
json::object collection_report(const std::filesystem::path& folder, bool names);
/// The last ten failures of a log of `alike serve --log-file`; with `names` also their causes,
/// which name files.
json::array failures_report(const std::filesystem::path& log, bool names);

}  // namespace alike::actions
