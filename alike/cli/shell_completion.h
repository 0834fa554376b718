// The words possible at the end of a command line: completion asks at every press of the tab key.
#pragma once

#include <string>
#include <vector>

#include "alike/cli/context.h"
#include "alike/cli/verb.h"

namespace alike::cli {

/// As first word it makes the program print `candidates` for the words behind it.
inline constexpr const char* kComplete = "complete";

/// The completions of the last of `words`, a line each: the word, a tab, its meaning. The lines
/// ":files" and ":folders" stand for names of files and folders, which a shell completes better.
std::string candidates(const Verb& program, const Context& context,
                       const std::vector<std::string>& words);

}  // namespace alike::cli
