#include "alike/base/cpu.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
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

/// Whether the kernel lists all of these for the processor.
bool has(std::initializer_list<const char*> features) {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && !line.starts_with("flags")) {
  }
  return std::ranges::all_of(features, [&](const std::string& feature) {
    return (line + " ").find(" " + feature + " ") != std::string::npos;
  });
}

TEST(CpuDeathTest, more_than_the_processor_has_is_refused_and_never_given) {
  const bool avx2 = has({"avx2", "fma", "f16c"});
  const bool avx512 = avx2 && has({"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"});
  expect_level("avx2", avx2 ? "^avx2$" : "^invalid_argument$");
  expect_level("avx512", avx512 ? "^avx512$" : "^invalid_argument$");
  expect_level("", avx512 ? "^avx512$" : avx2 ? "^avx2$" : "^scalar$");
}

TEST(Cpu, every_level_has_a_name) {
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    EXPECT_NE(name_of(level), "unknown");
  }
}

}  // namespace
}  // namespace alike
