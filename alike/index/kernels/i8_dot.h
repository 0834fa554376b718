// Products of bytes, gathered by row number: the inner loop of the graph and of reduced scans.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/cpu.h"

namespace alike::index {

/// Bytes that rows of bytes are padded to.
inline constexpr std::size_t kByteAlign = 64;

/// out[i] = Σ queryⱼ · rows[which[i] · stride + j] over j < stride, exact. `stride` is a multiple
/// of `kByteAlign` and at most 65,536; rows and query are aligned to that.
using I8Dot = void (*)(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                       const std::uint32_t* which, std::size_t count, std::int32_t* out);

/// The function of `level`, which the processor must have; all give the same numbers.
I8Dot i8_dot(Simd level);
/// That of `simd_level()`.
I8Dot i8_dot();

}  // namespace alike::index
