// The tables of the levels; `kernels()` chooses among them.
#pragma once

#include "alike/index/kernels/kernels.h"

namespace alike::index {

const Kernels& scalar_kernels();  ///< Any processor.
const Kernels& avx2_kernels();    ///< Call only where `Simd::avx2` is.
const Kernels& avx512_kernels();  ///< Call only where `Simd::avx512` is.

}  // namespace alike::index
