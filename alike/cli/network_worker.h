// Trying networks in processes of their own.
#pragma once

#include <optional>

namespace alike::cli {

/// Does the work of a process that another run of this program started (`alike worker network …`),
/// and returns its exit code; nullopt where the words on the command line are a person's, and from
/// then on networks are tried in such processes.
std::optional<int> try_network_for_another(int count, char** words);

}  // namespace alike::cli
