// The texts of a verb in --help and the manual.
#pragma once

#include <string>

#include "alike/cli/verb.h"

namespace alike::cli {

/// "alike import".
std::string full_name(const Path& path);
/// "alike import FILE --space NAME [options]".
std::string synopsis(const Path& path);
/// "--encoder NAME", "-q, --quiet".
std::string head_of(const Option& option);
/// Its help, with the default.
std::string description_of(const Option& option);
/// All that --help prints for the innermost verb of `path`.
std::string help_of(const Path& path);

}  // namespace alike::cli
