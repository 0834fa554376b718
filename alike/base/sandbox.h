// Rights that a process gives up for good before it reads untrusted bytes.
#pragma once

#include <cstdint>
#include <string>

namespace alike {

/// How far a process is confined.
struct Sandbox {
  bool seccomp = false;   ///< Only the few system calls that computing needs; others fail (EPERM).
  bool landlock = false;  ///< No file and no network, whatever the system calls are.
  bool limits = false;    ///< Limits of memory, files and processes.
  std::string missing;    ///< Why a member is false, in the system's words; else "".
};

/// "seccomp+landlock", "seccomp", "landlock", "rlimits" or "none".
std::string name_of(const Sandbox& sandbox);

/// Confines this process, with all its threads to come, for good: afterwards it computes, reads and
/// writes descriptors that are open, and uses at most `further_bytes` of memory more than now. It
/// opens nothing, starts nothing and reaches no network. To be called by a process with one thread.
/// Protection that the system lacks is left out and reported. Never throws.
Sandbox enter_sandbox(std::uint64_t further_bytes);

}  // namespace alike
