// Products of packed numbers of a few bits with a query of bytes, for the second look of the coded
// scan.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/cpu.h"

namespace alike::index {

/// Rows of numbers without sign, of `bits` bits each, in words of one bit of 64 numbers.
struct PackedRows {
  const std::uint64_t* tops = nullptr;  ///< (rows, words) the highest bits.
  const std::uint64_t* rest = nullptr;  ///< (rows, words, bits − 1) the others, the highest first.
  std::size_t words = 0;
  std::size_t bits = 0;  ///< 2 to 8.
};

/// out[i] = Σ queryⱼ · number j of row which[i], over 64 · words numbers, exact while Σ |queryⱼ| is
/// less than 2²³. A query has numbers from −127 to 127.
using PackedDot = void (*)(const std::int8_t* query, const PackedRows& rows,
                           const std::uint32_t* which, std::size_t count, std::int32_t* out);

/// The function of `level`, which the processor must have; all give the same numbers.
PackedDot packed_dot(Simd level);
/// That of `simd_level()`.
PackedDot packed_dot();

}  // namespace alike::index
