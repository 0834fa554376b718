// Which vector instructions this process uses.
#pragma once

#include <string_view>

namespace alike {

/// Vector instructions, each level with all those before it.
enum class Simd {
  scalar,  ///< Plain C++, any x86-64.
  avx2,    ///< AVX2 + FMA + F16C.
  avx512,  ///< AVX-512 F, BW, DQ, VL and VNNI.
};

/// The best level of this processor, or the lower one named by the environment variable ALIKE_SIMD
/// (scalar, avx2, avx512). A level the processor lacks, or an unknown name, is an
/// `invalid_argument`. Decided once, at the first call.
Simd simd_level();

/// Whether the processor counts bits in vectors (AVX-512 VPOPCNTDQ), which `Simd::avx512` does not
/// promise.
bool has_vector_popcount() noexcept;

/// As ALIKE_SIMD takes it.
std::string_view name_of(Simd level) noexcept;

}  // namespace alike
