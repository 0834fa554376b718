// Names of spaces and maps, which become names of files.
#pragma once

#include <string>

namespace alike::collection {

/// Whether `letter` may stand in a name, if not at its start.
bool is_name_letter(char letter) noexcept;

/// Throws `invalid_argument` unless `name` can be that of `what` ("a space"): 1 to 100 letters,
/// digits, '-', '_' and '.', not beginning with '.' or '-'.
void check_name(const std::string& name, const std::string& what);
void check_space_name(const std::string& name);

}  // namespace alike::collection
