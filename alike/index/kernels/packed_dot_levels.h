// The levels of `packed_dot`; the function of that name chooses among them.
#pragma once

#include "alike/index/kernels/packed_dot.h"

namespace alike::index {

void packed_dot_scalar(const std::int8_t* query, const PackedRows& rows, const std::uint32_t* which,
                       std::size_t count, std::int32_t* out);
/// Call only where `Simd::avx2` is.
void packed_dot_avx2(const std::int8_t* query, const PackedRows& rows, const std::uint32_t* which,
                     std::size_t count, std::int32_t* out);
/// Call only where `Simd::avx512` is.
void packed_dot_avx512(const std::int8_t* query, const PackedRows& rows, const std::uint32_t* which,
                       std::size_t count, std::int32_t* out);

}  // namespace alike::index
