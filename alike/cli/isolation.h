// Where this run of the program decodes pictures.
#pragma once

#include <chrono>
#include <optional>

#include "alike/cli/context.h"

namespace alike::cli {

/// Does the work of a process that another run of this program started (`alike worker decode`), and
/// returns its exit code; nullopt where the words on the command line are a person's.
std::optional<int> work_for_another(int count, char** words);

/// Lets processes of their own decode all pictures from now on, each for at most `patience`. Where
/// the system does not allow that it is told, and this process decodes.
void isolate_pictures(const Context& context, std::chrono::seconds patience);

}  // namespace alike::cli
