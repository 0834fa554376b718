#include "alike/encode/run/processor.h"

#include <gtest/gtest.h>

#include <string>

#include "alike/base/error.h"

namespace alike::encode {
namespace {

TEST(Processor, one_that_is_too_old_is_a_sentence) {
  try {
    check_processor(false);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("SSE4.2"), std::string::npos);
  }
}

TEST(Processor, the_one_that_runs_the_tests_will_do) { EXPECT_NO_THROW(check_processor()); }

}  // namespace
}  // namespace alike::encode
