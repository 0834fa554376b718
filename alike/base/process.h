// The one way another program is started: nothing of the current folder or the environment decides
// which code it runs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alike {

/// Limits of a child; an empty one is inherited from this process. A child never dumps core.
struct ProcessLimits {
  std::optional<std::uint64_t> address_space_bytes{};
  std::optional<std::uint64_t> cpu_seconds{};  ///< Then SIGXCPU, a second later SIGKILL.
  std::optional<std::uint64_t> file_bytes{};   ///< Of a file that it writes.
  std::optional<std::uint64_t> open_files{};
};

/// How a child is started.
struct ProcessOptions {
  std::filesystem::path program;         ///< Absolute: PATH is never searched.
  std::vector<std::string> arguments{};  ///< Without the name of the program.
  /// "NAME=value", all that there is: see `clean_environment`.
  std::vector<std::string> environment{};
  std::filesystem::path folder;    ///< Absolute; its current folder, best one made for it alone.
  std::filesystem::path output{};  ///< Absolute; new file for both outputs; empty: /dev/null.
  /// Become 3, 4, … of the child; every other descriptor but 0, 1 and 2 is closed there.
  std::vector<int> descriptors{};
  ProcessLimits limits{};
};

/// How a child ended.
struct ProcessEnd {
  int code = -1;   ///< Exit code; −1 where a signal ended it.
  int signal = 0;  ///< 0 where it exited.

  bool is_success() const { return code == 0; }
};

/// A running child; killed, where it still runs, and waited for on destruction. One thread at a
/// time.
class Process {
 public:
  /// Input comes from /dev/null, signals are as a new program expects them. The limits hold from a
  /// moment after the start on (prlimit). Throws `invalid_argument` for a path that is not
  /// absolute, `not_found` and `io` where the program cannot be started.
  explicit Process(const ProcessOptions& options);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t id() const { return id_; }
  /// How it ended; nullopt where it still runs after `patience`. Without `patience` it waits for
  /// ever. Throws `io` where that cannot be known: this program ignores SIGCHLD, or waits for
  /// children that are not its own.
  std::optional<ProcessEnd> wait(std::optional<std::chrono::milliseconds> patience = {});
  /// Ends it with SIGKILL and waits for that; a `ProcessEnd` of neither code nor signal where
  /// `wait` would throw.
  ProcessEnd kill() noexcept;

 private:
  /// Looks whether it ended; true once that is known, or is never to be known.
  bool look(int flags) noexcept;

  pid_t id_ = -1;
  std::optional<ProcessEnd> end_;
};

/// The environment that a child starts with: PATH of the system's folders, HOME, LANG, LC_ALL and
/// LC_CTYPE as they are here, and of the other variables here those that `further` names; a name
/// ending in '*' stands for all that begin so. LD_*, PYTHON* and the like never get in unless
/// named.
std::vector<std::string> clean_environment(std::span<const std::string_view> further = {});

}  // namespace alike
