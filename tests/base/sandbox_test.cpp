#include "alike/base/sandbox.h"
#include "alike/base/sanitized.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <new>
#include <vector>

namespace alike {
namespace {

constexpr std::uint64_t kRoom = 64 << 20;

/// The result of `work` in a process of its own; −1 where a signal ended that.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Makes these system calls fail, as a system without them or a container does.
void forbid(std::initializer_list<int> calls) {
  auto* filter = ::seccomp_init(SCMP_ACT_ALLOW);
  for (const int call : calls) ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
  if (::seccomp_load(filter) != 0) ::_exit(99);
}

/// How many ways out there still are.
int ways_out() {
  int ways = 0;
  ways += ::open("/etc/passwd", O_RDONLY) >= 0 ? 1 : 0;
  ways += ::open("/tmp/alike-way-out", O_WRONLY | O_CREAT, 0600) >= 0 ? 1 : 0;
  ways += ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 1 : 0;
  ways += ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 1 : 0;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ways += child > 0 ? 1 : 0;
  ways +=
      ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED
          ? 1
          : 0;
  ways += ::kill(::getppid(), 0) == 0 ? 1 : 0;
  ways += ::unlink("/tmp/alike-way-out") == 0 ? 1 : 0;
  char* const nothing[] = {nullptr};
  ::execve("/bin/false", nothing, nothing);  // which would end with 1
  return ways;
}

TEST(Sandbox, leaves_no_way_out) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes signals, memory and system calls for itself";
  constexpr int kNone = 77;
  EXPECT_EQ(in_child(ways_out), 1) << "without a sandbox a program can be started";
  const int ways = in_child([] { return enter_sandbox(kRoom).seccomp ? ways_out() : kNone; });
  if (ways == kNone) GTEST_SKIP() << "this system has no seccomp";
  EXPECT_EQ(ways, 0);
}

TEST(Sandbox, computing_goes_on_and_memory_ends) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes signals, memory and system calls for itself";
  EXPECT_EQ(in_child([] {
              enter_sandbox(kRoom);
              std::vector<char> some(kRoom / 2, 'x');
              try {
                std::vector<char> more(2 * kRoom);
                return 1;
              } catch (const std::bad_alloc&) {
              }
              return some[kRoom / 4] == 'x' ? 0 : 2;
            }),
            0);
}

TEST(Sandbox, a_system_without_seccomp_is_said_and_landlock_still_holds) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes signals, memory and system calls for itself";
  EXPECT_EQ(in_child([] {
              forbid({SCMP_SYS(seccomp)});
              const Sandbox sandbox = enter_sandbox(kRoom);
              if (sandbox.seccomp || sandbox.missing.find("seccomp") == std::string::npos) return 1;
              if (!sandbox.landlock) return 0;  // this kernel has none
              return ::open("/etc/passwd", O_RDONLY) < 0 && name_of(sandbox) == "landlock" ? 0 : 2;
            }),
            0);
}

TEST(Sandbox, a_system_without_either_leaves_limits) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes signals, memory and system calls for itself";
  EXPECT_EQ(in_child([] {
              forbid({SCMP_SYS(seccomp), SCMP_SYS(landlock_create_ruleset)});
              const Sandbox sandbox = enter_sandbox(kRoom);
              if (name_of(sandbox) != "rlimits") return 1;
              if (sandbox.missing.find("Landlock") == std::string::npos) return 2;
              return ::open("/etc/passwd", O_RDONLY) < 0 ? 0 : 3;  // no descriptor is left
            }),
            0);
}

TEST(Sandbox, has_names) {
  EXPECT_EQ(name_of({true, true, true, ""}), "seccomp+landlock");
  EXPECT_EQ(name_of({true, false, true, ""}), "seccomp");
  EXPECT_EQ(name_of({false, true, true, ""}), "landlock");
  EXPECT_EQ(name_of({false, false, true, ""}), "rlimits");
  EXPECT_EQ(name_of({}), "none");
}

}  // namespace
}  // namespace alike
