// The keys of `alike serve`: from files and the environment.
#pragma once

#include <filesystem>
#include <string>

#include "alike/cli/context.h"

namespace alike::cli {

/// The key in `file`, or in the environment as `variable` where no file is named; "" where there is
/// none. A file that is not there is made, with a new key in it. Throws `invalid_argument` for a
/// file without a key and for one that others may read.
std::string serve_key(const Context& context, const std::filesystem::path& file,
                      const char* variable);

}  // namespace alike::cli
