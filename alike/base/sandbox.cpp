#include "alike/base/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>

#include "alike/base/sanitized.h"

namespace alike {
namespace {

void note(Sandbox& sandbox, const std::string& what, int error_number) {
  if (!sandbox.missing.empty()) sandbox.missing += "; ";
  sandbox.missing += what + ": " + std::generic_category().message(error_number);
}

// Landlock, from linux/landlock.h of later kernels than Debian 12 has headers of.
struct LandlockRules {
  std::uint64_t files = 0;    // since version 1
  std::uint64_t network = 0;  // since version 4
  std::uint64_t scoped = 0;   // since version 6
};

/// All that this version of Landlock can take away; nothing is given back.
LandlockRules all_rules(long version) {
  constexpr std::array<int, 5> kFileRights{13, 14, 15, 15, 16};  // rights of version 1, 2, …
  const auto last = static_cast<long>(kFileRights.size());
  const int rights = kFileRights.at(static_cast<std::size_t>(version < last ? version : last) - 1);
  return {(std::uint64_t{1} << rights) - 1, version >= 4 ? 3U : 0U, version >= 6 ? 3U : 0U};
}

bool enter_landlock(Sandbox& sandbox) {
  constexpr unsigned kAskVersion = 1;
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) {
    note(sandbox, "Landlock", errno);
    return false;
  }
  const LandlockRules rules = all_rules(version);
  const auto rule_set =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0));
  const bool done = rule_set >= 0 && ::syscall(SYS_landlock_restrict_self, rule_set, 0) == 0;
  if (!done) note(sandbox, "Landlock", errno);
  if (rule_set >= 0) ::close(rule_set);
  return done;
}

using Filter = std::unique_ptr<void, decltype(&::seccomp_release)>;

/// Lets `call` through where it asks for no memory that can be executed.
int allow_without_execution(void* filter, int call) {
  const scmp_arg_cmp not_executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  return ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &not_executable);
}

bool enter_seccomp(Sandbox& sandbox) {
  // The needs of malloc, the C++ runtime, a socket and a clock. No open, no socket, no exec, no
  // fork, no signal to others; memory is never made executable.
  constexpr auto kAllowed =
      std::to_array<int>({SCMP_SYS(read),           SCMP_SYS(write),         SCMP_SYS(recvfrom),
                          SCMP_SYS(sendto),         SCMP_SYS(brk),           SCMP_SYS(munmap),
                          SCMP_SYS(mremap),         SCMP_SYS(madvise),       SCMP_SYS(futex),
                          SCMP_SYS(sched_yield),    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
                          SCMP_SYS(time),           SCMP_SYS(getrandom),     SCMP_SYS(alarm),
                          SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),  SCMP_SYS(close),
                          SCMP_SYS(exit),           SCMP_SYS(exit_group)});
  const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)), &::seccomp_release);
  int trouble = filter ? 0 : -ENOMEM;
  for (const int call : kAllowed) {
    if (trouble == 0) trouble = ::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
  }
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    if (trouble == 0) trouble = allow_without_execution(filter.get(), call);
  }
  if (trouble == 0) trouble = ::seccomp_load(filter.get());
  if (trouble != 0) note(sandbox, "seccomp", -trouble);
  return trouble == 0;
}

/// Bytes of address space that this process has.
std::uint64_t address_space() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool lower(__rlimit_resource what, std::uint64_t most) {
  rlimit now{};
  if (::getrlimit(what, &now) != 0) return false;
  if (most >= now.rlim_max) return true;
  const rlimit lowered{most, most};
  return ::setrlimit(what, &lowered) == 0;
}

bool enter_limits(Sandbox& sandbox, std::uint64_t most_bytes) {
  const bool done = lower(RLIMIT_AS, most_bytes) && lower(RLIMIT_CORE, 0) &&
                    lower(RLIMIT_FSIZE, 0) && lower(RLIMIT_NPROC, 0) && lower(RLIMIT_NOFILE, 0);
  if (!done) note(sandbox, "limits", errno);
  return done;
}

}  // namespace

std::string name_of(const Sandbox& sandbox) {
  if (sandbox.seccomp) return sandbox.landlock ? "seccomp+landlock" : "seccomp";
  if (sandbox.landlock) return "landlock";
  return sandbox.limits ? "rlimits" : "none";
}

Sandbox enter_sandbox(std::uint64_t further_bytes) {
  Sandbox sandbox;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) note(sandbox, "no new privileges", errno);
  const std::uint64_t now = address_space();  // while a file can be read
  sandbox.landlock = enter_landlock(sandbox);
  if (kSanitized) {
    sandbox.missing = "a sanitizer makes system calls that the filter and the limits would refuse";
    return sandbox;
  }
  sandbox.limits = enter_limits(sandbox, now + further_bytes);
  sandbox.seccomp = enter_seccomp(sandbox);
  return sandbox;
}

}  // namespace alike
