#include "alike/encode/run/network_trial.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/error_code.h"
#include "tests/support/temporary_folder.h"

namespace alike::encode {
namespace {

/// Shell scripts stand for the process that tries a network.
class NetworkTrialTest : public testing::Test {
 protected:
  NetworkTrialTest() {
    ::setenv("ALIKE_HOME", folder_.path().c_str(), 1);
    ::unsetenv("ALIKE_NETWORK_TRIAL");
  }
  ~NetworkTrialTest() override {
    try_networks_with({}, {});
    ::unsetenv("ALIKE_HOME");
    ::unsetenv("LD_LIBRARY_PATH");
  }
  static std::optional<ErrorCode> trial(const std::string& script) {
    try_networks_with("/bin/sh", {"-c", script});
    Package package;
    package.sha256 = "0";
    return test::error_code([&] { try_network({}, package, "tensor", Pooling::none); });
  }

  test::TemporaryFolder folder_;
};

TEST_F(NetworkTrialTest, finds_libraries_where_this_process_does) {
  ::setenv("LD_LIBRARY_PATH", "/somewhere", 1);
  ::setenv("LD_TRAP", "1", 1);
  EXPECT_EQ(trial("[ \"$LD_LIBRARY_PATH$LD_TRAP\" = /somewhere ] || kill -SEGV $$"), std::nullopt);
}

TEST_F(NetworkTrialTest, is_stopped_by_whoever_stops_all) {
  EXPECT_EQ(trial("kill -INT $$"), ErrorCode::interrupted);
  EXPECT_EQ(trial("kill -SEGV $$"), ErrorCode::unsupported);
}

}  // namespace
}  // namespace alike::encode
