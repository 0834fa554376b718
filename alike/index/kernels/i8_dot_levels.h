// The levels of `i8_dot`; the function of that name chooses among them.
#pragma once

#include "alike/index/kernels/i8_dot.h"

namespace alike::index {

void i8_dot_scalar(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                   const std::uint32_t* which, std::size_t count, std::int32_t* out);
/// Call only where `Simd::avx2` is.
void i8_dot_avx2(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                 const std::uint32_t* which, std::size_t count, std::int32_t* out);
/// Call only where `Simd::avx512` is.
void i8_dot_avx512(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                   const std::uint32_t* which, std::size_t count, std::int32_t* out);

}  // namespace alike::index
