#include "alike/base/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "alike/base/file.h"
#include "alike/base/sanitized.h"
#include "tests/support/error_code.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

using namespace std::chrono_literals;

class ProcessTest : public testing::Test {
 protected:
  ProcessOptions shell(const std::string& script) const {
    ProcessOptions options;
    options.program = "/bin/sh";
    options.arguments = {"-c", script};
    options.environment = clean_environment();
    options.folder = folder_.path();
    options.output = folder_ / "said";
    return options;
  }
  std::string said() const { return read_text(folder_ / "said"); }
  /// The output of a shell script.
  std::string run(const ProcessOptions& options) const {
    EXPECT_TRUE(Process(options).wait()->is_success());
    return said();
  }

  test::TemporaryFolder folder_;
};

TEST_F(ProcessTest, says_how_the_child_ended) {
  EXPECT_EQ(Process(shell("exit 0")).wait()->code, 0);
  EXPECT_EQ(Process(shell("exit 7")).wait()->code, 7);
  const auto killed = Process(shell("kill -9 $$")).wait();
  EXPECT_EQ(killed->code, -1);
  EXPECT_EQ(killed->signal, SIGKILL);
  EXPECT_FALSE(killed->is_success());
}

TEST_F(ProcessTest, says_that_an_end_cannot_be_known_where_its_signal_is_ignored) {
  const auto before = std::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(test::error_code([&] { Process(shell("exit 0")).wait(); }), ErrorCode::io);
  EXPECT_EQ(test::error_code([&] { Process(shell("exit 0")).wait(10s); }), ErrorCode::io);
  Process killed(shell("sleep 100"));
  EXPECT_FALSE(killed.kill().is_success());
  std::signal(SIGCHLD, before);
}

TEST_F(ProcessTest, both_outputs_go_to_the_file_and_the_child_works_in_its_folder) {
  EXPECT_EQ(run(shell("pwd; echo wrong >&2")),
            std::filesystem::canonical(folder_.path()).native() + "\nwrong\n");
}

TEST_F(ProcessTest, nothing_is_inherited_but_what_is_named) {
  ::setenv("LD_TRAP", "1", 1);
  ::setenv("PYTHONPATH", "/trap", 1);
  ::setenv("PATH_TRAP", "1", 1);
  ::setenv("PIP_INDEX_URL", "https://example.org", 1);
  auto options = shell("/usr/bin/env");
  constexpr auto kNamed = std::to_array<std::string_view>({"PIP_*"});
  options.environment = clean_environment(kNamed);
  const std::string all = run(options);
  EXPECT_EQ(all.find("TRAP"), std::string::npos) << all;
  EXPECT_EQ(all.find("PYTHONPATH"), std::string::npos) << all;
  EXPECT_NE(all.find("PIP_INDEX_URL=https://example.org"), std::string::npos) << all;
  EXPECT_NE(all.find("PATH=/usr/local/bin:/usr/bin:/bin\n"), std::string::npos) << all;
}

TEST_F(ProcessTest, descriptors_are_closed_unless_given) {
  const int open = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  const int high = ::fcntl(open, F_DUPFD, 40);
  EXPECT_EQ(run(shell("echo /proc/$$/fd/*")).find("/40"), std::string::npos) << said();
  ::close(high);
  ::close(open);
}

TEST_F(ProcessTest, given_descriptors_get_their_places_whatever_their_numbers_are) {
  replace_file(folder_ / "a", std::string_view("first\n"));
  replace_file(folder_ / "b", std::string_view("second\n"));
  const File a(folder_ / "a", File::Mode::read), b(folder_ / "b", File::Mode::read);
  auto options = shell("cat <&3; cat <&4");
  // The second one lies where the first has to go, and the other way round.
  const int three = ::fcntl(b.descriptor(), F_DUPFD_CLOEXEC, 3);
  const int four = ::fcntl(a.descriptor(), F_DUPFD_CLOEXEC, 4);
  options.descriptors = {four, three};
  EXPECT_EQ(run(options), "first\nsecond\n");
  ::close(three);
  ::close(four);
}

TEST_F(ProcessTest, limits_hold) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes more address space than there is memory";
  auto options = shell("ulimit -v; ulimit -t; ulimit -f; ulimit -n; ulimit -c");
  options.arguments[1] = "sleep 0.1; " + options.arguments[1];
  options.limits = {1 << 30, 5, 1 << 20, 9};
  EXPECT_EQ(run(options), "1048576\n5\n2048\n9\n0\n");
}

TEST_F(ProcessTest, a_child_that_spins_is_ended_by_its_limit) {
  auto options = shell("while :; do :; done");
  options.limits.cpu_seconds = 1;
  EXPECT_EQ(Process(options).wait()->signal, SIGXCPU);
}

TEST_F(ProcessTest, a_child_that_hangs_is_waited_for_no_longer_than_asked) {
  Process child(shell("exec sleep 100"));
  EXPECT_FALSE(child.wait(20ms));
  EXPECT_EQ(child.kill().signal, SIGKILL);
  EXPECT_EQ(child.wait()->signal, SIGKILL);
}

TEST_F(ProcessTest, a_child_goes_with_its_object) {
  pid_t id = 0;
  {
    const Process child(shell("exec sleep 100"));
    id = child.id();
  }
  EXPECT_NE(::kill(id, 0), 0);
}

TEST_F(ProcessTest, a_program_is_named_by_its_whole_path) {
  auto options = shell("");
  options.program = "sh";
  EXPECT_EQ(test::error_code([&] { Process child(options); }), ErrorCode::invalid_argument);
  options.program = "/nowhere/sh";
  EXPECT_EQ(test::error_code([&] { Process child(options); }), ErrorCode::not_found);
  options = shell("");
  options.folder = "here";
  EXPECT_EQ(test::error_code([&] { Process child(options); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace alike
