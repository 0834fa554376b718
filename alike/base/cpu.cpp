#include "alike/base/cpu.h"

#include <cpuid.h>

#include <cstdlib>
#include <string>

#include "alike/base/error.h"

namespace alike {
namespace {

/// clang 14 does not know this name in __builtin_cpu_supports.
bool has_f16c() {
  unsigned int a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}

Simd best_level() {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
  if (avx512) return Simd::avx512;
  return avx2 ? Simd::avx2 : Simd::scalar;
}

Simd wanted_level() {
  const Simd best = best_level();
  const char* text = std::getenv("ALIKE_SIMD");
  if (text == nullptr || *text == '\0') return best;
  for (const Simd level : {Simd::scalar, Simd::avx2, Simd::avx512}) {
    if (name_of(level) != text) continue;
    if (level > best) {
      throw Error(ErrorCode::invalid_argument, "ALIKE_SIMD is '" + std::string(text) +
                                                   "'; this processor goes up to '" +
                                                   std::string(name_of(best)) + "'");
    }
    return level;
  }
  throw Error(ErrorCode::invalid_argument,
              "ALIKE_SIMD is '" + std::string(text) + "'; it must be scalar, avx2 or avx512");
}

}  // namespace

Simd simd_level() {
  static const Simd level = wanted_level();
  return level;
}

bool has_vector_popcount() noexcept {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512vpopcntdq") != 0;
}

std::string_view name_of(Simd level) noexcept {
  switch (level) {
    case Simd::scalar: return "scalar";
    case Simd::avx2: return "avx2";
    case Simd::avx512: return "avx512";
  }
  return "unknown";
}

}  // namespace alike
