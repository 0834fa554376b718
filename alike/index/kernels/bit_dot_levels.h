// The levels of `bit_dot`; the function of that name chooses among them.
#pragma once

#include "alike/index/kernels/bit_dot.h"

namespace alike::index {

void bit_dot_scalar(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t row_count,
                    std::size_t words, std::int32_t* out);
/// Call only where `Simd::avx2` is.
void bit_dot_avx2(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t row_count,
                  std::size_t words, std::int32_t* out);
/// Call only where `Simd::avx512` and `has_vector_popcount()` are.
void bit_dot_avx512(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t row_count,
                    std::size_t words, std::int32_t* out);

}  // namespace alike::index
