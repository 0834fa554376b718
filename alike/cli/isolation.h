// The processes that another run of this program starts, and where this one decodes pictures.
#pragma once

#include <chrono>
#include <optional>

#include "alike/cli/context.h"

namespace alike::cli {

/// Does the work of a process that another run of this program started (`alike worker decode` and
/// `alike worker network …`), and returns its exit code. For any other command line, nullopt; from
/// then on untrusted networks are tried in such a process first.
std::optional<int> work_for_another(int count, char** words);

/// Lets separate processes decode all pictures from now on, each for at most `patience`. Where the
/// system does not allow that, a remark says so, and this process decodes.
void isolate_pictures(const Context& context, std::chrono::seconds patience);

}  // namespace alike::cli
