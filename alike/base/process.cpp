#include "alike/base/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

#include "alike/base/error.h"
#include "alike/base/sanitized.h"

extern char** environ;

namespace alike {
namespace {

constexpr int kFirstGiven = 3;

void check_absolute(const std::filesystem::path& path, const char* what) {
  if (path.is_absolute()) return;
  throw Error(ErrorCode::invalid_argument,
              std::string(what) + " of a child is '" + path.native() + "'; it must be absolute");
}

/// The actions and signals that posix_spawn sets up in the child before the program.
class SpawnPlan {
 public:
  explicit SpawnPlan(const ProcessOptions& options) : SpawnPlan() {
    plan_files(options);
    plan_signals();
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
    for (const int copy : copies_) ::close(copy);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  void plan_files(const ProcessOptions& options) {
    const int past = kFirstGiven + static_cast<int>(options.descriptors.size());
    const char* output = options.output.empty() ? "/dev/null" : options.output.c_str();
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    for (std::size_t i = 0; i < options.descriptors.size(); ++i) {
      // Out of the way first, as one of those given may bear the number of another's place.
      const int copy = ::fcntl(options.descriptors[i], F_DUPFD_CLOEXEC, past);
      if (copy < 0)
        throw_system_error("cannot hand a descriptor to", options.program.native(), errno);
      copies_.push_back(copy);
      ::posix_spawn_file_actions_adddup2(&actions_, copy, kFirstGiven + static_cast<int>(i));
    }
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, past);
    ::posix_spawn_file_actions_addchdir_np(&actions_, options.folder.c_str());
  }
  void plan_signals() {
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  std::vector<int> copies_;
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// A limit is never raised.
void limit(pid_t process, __rlimit_resource what, std::uint64_t soft, std::uint64_t hard) {
  rlimit now{};
  if (::prlimit(process, what, nullptr, &now) != 0) return;
  const rlimit wanted{std::min<rlim_t>(soft, now.rlim_max), std::min<rlim_t>(hard, now.rlim_max)};
  ::prlimit(process, what, &wanted, nullptr);
}

void limit(pid_t process, const ProcessLimits& limits) {
  limit(process, RLIMIT_CORE, 0, 0);
  const auto same = [&](__rlimit_resource what, const std::optional<std::uint64_t>& most) {
    if (most) limit(process, what, *most, *most);
  };
  if (!kSanitized) same(RLIMIT_AS, limits.address_space_bytes);  // shadow memory takes terabytes
  same(RLIMIT_FSIZE, limits.file_bytes);
  same(RLIMIT_NOFILE, limits.open_files);
  if (limits.cpu_seconds) limit(process, RLIMIT_CPU, *limits.cpu_seconds, *limits.cpu_seconds + 1);
}

bool is_named(std::string_view variable, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) {
    if (name.ends_with('*')) return variable.starts_with(name.substr(0, name.size() - 1));
    return variable == name;
  });
}

}  // namespace

Process::Process(const ProcessOptions& options) {
  check_absolute(options.program, "the program");
  check_absolute(options.folder, "the current folder");
  if (!options.output.empty()) check_absolute(options.output, "the output");
  const SpawnPlan plan(options);
  std::vector<std::string> words = options.arguments;
  words.insert(words.begin(), options.program.native());
  std::vector<std::string> environment = options.environment;
  const int trouble =
      ::posix_spawn(&id_, options.program.c_str(), plan.actions(), plan.attributes(),
                    pointers_to(words).data(), pointers_to(environment).data());
  if (trouble != 0) throw_system_error("cannot start", options.program.native(), trouble);
  limit(id_, options.limits);
}

Process::~Process() {
  if (!end_) kill();
}

bool Process::look(int flags) noexcept {
  int status = 0;
  pid_t ended = -1;
  do {
    ended = ::waitpid(id_, &status, flags);
  } while (ended < 0 && errno == EINTR);
  if (ended == 0) return false;
  if (ended < 0) {
    end_ = ProcessEnd{};
  } else {
    end_ =
        WIFSIGNALED(status) ? ProcessEnd{-1, WTERMSIG(status)} : ProcessEnd{WEXITSTATUS(status), 0};
  }
  return true;
}

std::optional<ProcessEnd> Process::wait(std::optional<std::chrono::milliseconds> patience) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + patience.value_or(std::chrono::milliseconds(0));
  auto nap = std::chrono::milliseconds(1);
  while (!end_ && !look(patience ? WNOHANG : 0)) {
    if (Clock::now() >= until) return std::nullopt;
    std::this_thread::sleep_for(nap);
    nap = std::min(2 * nap, std::chrono::milliseconds(50));
  }
  if (end_->code >= 0 || end_->signal != 0) return end_;
  throw Error(ErrorCode::io,
              "how process " + std::to_string(id_) +
                  " ended is not known: this program ignores SIGCHLD, or waits for all children; "
                  "leave that signal as it is by default");
}

ProcessEnd Process::kill() noexcept {
  if (!end_) {
    ::kill(id_, SIGKILL);
    look(0);
  }
  return *end_;
}

std::vector<std::string> clean_environment(std::span<const std::string_view> further) {
  constexpr auto kAlways = std::to_array<std::string_view>({"HOME", "LANG", "LC_ALL", "LC_CTYPE"});
  std::vector<std::string> kept{"PATH=/usr/local/bin:/usr/bin:/bin"};
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view entry = *each;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (name == "PATH") continue;
    // Options of a sanitizer, and the variables that tell oneTBB of it.
    const bool of_sanitizer =
        kSanitized && (name.ends_with("SAN_OPTIONS") || name == "TBB_ENABLE_SANITIZERS");
    if (is_named(name, kAlways) || is_named(name, further) || of_sanitizer)
      kept.emplace_back(entry);
  }
  return kept;
}

}  // namespace alike
