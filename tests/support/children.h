// Processes that this one started.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace alike::test {

/// Those that still run.
inline std::vector<pid_t> children() {
  std::vector<pid_t> all;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(thread.path() / "children");
    for (pid_t each = 0; list >> each;) all.push_back(each);
  }
  return all;
}

/// Kills one and waits until its end can be seen.
inline void end(pid_t child) {
  ::kill(child, SIGKILL);
  siginfo_t ignored{};
  ::waitid(P_PID, static_cast<id_t>(child), &ignored, WEXITED | WNOWAIT);
}

}  // namespace alike::test
