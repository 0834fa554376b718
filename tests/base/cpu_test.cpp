#include "alike/base/cpu.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "alike/base/error.h"

namespace alike {
namespace {

/// The level is decided once in a process, so each wish is tried in one of its own.
void expect_level(const char* wish, const char* wanted) {
  EXPECT_EXIT(
      {
        ::setenv("ALIKE_SIMD", wish, 1);
        std::string level;
        try {
          level = name_of(simd_level());
        } catch (const Error& error) {
          level = name_of(error.code());
        }
        std::fputs(level.c_str(), stderr);
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), wanted)
      << wish;
}

TEST(CpuDeathTest, the_environment_can_ask_for_less) { expect_level("scalar", "^scalar$"); }

TEST(CpuDeathTest, an_unknown_level_is_refused) {
  expect_level("sse9", "^invalid_argument$");
  expect_level("AVX2", "^invalid_argument$");
}

TEST(CpuDeathTest, more_than_the_processor_has_is_refused_and_never_given) {
  expect_level("avx512", "^(avx512|invalid_argument)$");
}

TEST(Cpu, every_level_has_a_name) {
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    EXPECT_NE(name_of(level), "unknown");
  }
}

}  // namespace
}  // namespace alike
