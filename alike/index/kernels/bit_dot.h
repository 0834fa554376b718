// Products of packed signs with a query of a few bits: the inner loop of the coded scan.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/cpu.h"

namespace alike::index {

/// Bits of one number of a query: two's complement, −8 to 7.
inline constexpr std::size_t kQueryBits = 4;

/// out[r] = Σ queryᵢ over the bits i that are set in row r, exact. A row is `words` packed words; a
/// query is `kQueryBits` planes of as many, the plane of the lowest bit first.
using BitDot = void (*)(const std::uint64_t* planes, const std::uint64_t* rows,
                        std::size_t row_count, std::size_t words, std::int32_t* out);

/// The function of `level`, which the processor must have; all give the same numbers.
BitDot bit_dot(Simd level);
/// That of `simd_level()`.
BitDot bit_dot();

}  // namespace alike::index
